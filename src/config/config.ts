import type { Env } from './env.js';

/** What the environment leaves to `DATA_DIR` and the embedded database. */
export interface Resolved {
  readonly database: {
    readonly url: string;
    /** Where `url` leads to a pooler: PostgreSQL itself. Else the same. */
    readonly directUrl: string;
    readonly embedded: boolean;
    readonly severalNodes: boolean;
  };
  readonly secrets: {
    readonly jwtSecret: string;
    readonly credentialsKey: Buffer;
    readonly previousCredentialsKey: Buffer | null;
  };
}

/** Everything that can be set, complete and injectable: `constructor(private readonly config: Config)`. */
export class Config implements Omit<Env, keyof Resolved>, Resolved {
  readonly http: Env['http'];
  readonly socketsPerCaller: Env['socketsPerCaller'];
  readonly dataDir: Env['dataDir'];
  readonly database: Resolved['database'];
  readonly secrets: Resolved['secrets'];
  readonly bus: Env['bus'];
  readonly superadmin: Env['superadmin'];
  readonly whatsapp: Env['whatsapp'];
  readonly reconcileIntervalMs: Env['reconcileIntervalMs'];
  readonly incidents: Env['incidents'];
  readonly statusRetentionDays: Env['statusRetentionDays'];
  readonly activityRetentionDays: Env['activityRetentionDays'];
  readonly blastContentDays: Env['blastContentDays'];
  readonly blastUndoMs: Env['blastUndoMs'];
  readonly blastPaceMs: Env['blastPaceMs'];
  readonly metricsToken: Env['metricsToken'];
  readonly blastReceiptWaitMs: Env['blastReceiptWaitMs'];
  readonly webhooks: Env['webhooks'];
  readonly smtp: Env['smtp'];
  readonly alerts: Env['alerts'];
  readonly log: Env['log'];

  constructor(env: Env, resolved: Resolved) {
    this.http = env.http;
    this.socketsPerCaller = env.socketsPerCaller;
    this.dataDir = env.dataDir;
    this.database = resolved.database;
    this.secrets = resolved.secrets;
    this.bus = env.bus;
    this.superadmin = env.superadmin;
    this.whatsapp = env.whatsapp;
    this.reconcileIntervalMs = env.reconcileIntervalMs;
    this.incidents = env.incidents;
    this.statusRetentionDays = env.statusRetentionDays;
    this.activityRetentionDays = env.activityRetentionDays;
    this.blastContentDays = env.blastContentDays;
    this.blastUndoMs = env.blastUndoMs;
    this.blastPaceMs = env.blastPaceMs;
    this.metricsToken = env.metricsToken;
    this.blastReceiptWaitMs = env.blastReceiptWaitMs;
    this.webhooks = env.webhooks;
    this.smtp = env.smtp;
    this.alerts = env.alerts;
    this.log = env.log;
  }
}
