import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { CreateUser } from '@koneksi/contracts/users';
import * as z from 'zod';

/** The environment, parsed once. What the embedded database and `DATA_DIR` add to it is in `Config`. */
export interface Env {
  readonly http: {
    readonly port: number;
    readonly host: string;
    /** `null`: the loopback names at the port Koneksi listens on. */
    readonly publicOrigins: readonly string[] | null;
    /** Express's `trust proxy`: how many proxies stand in front, or which addresses they have. */
    readonly trustProxy: number | readonly string[];
  };
  readonly dataDir: string;
  /** How many dashboard sockets one person or one API key may have open. */
  readonly socketsPerCaller: number;
  readonly database: {
    readonly url: string | null;
    /** PostgreSQL itself, past the pooler that `url` leads to; `null` where there is none. */
    readonly directUrl: string | null;
    /** Whether other processes may work on it beside this one. */
    readonly severalNodes: boolean;
  };
  readonly bus: {
    /** Carries what nodes say to each other; `null`: PostgreSQL does. */
    readonly natsUrl: string | null;
  };
  readonly secrets: {
    readonly jwtSecret: string | null;
    readonly credentialsKey: Buffer | null;
    /** While keys are rotated: the one that still has to open what is stored. */
    readonly previousCredentialsKey: Buffer | null;
    /** For `npm run rotate-key` alone: the one to rotate to. */
    readonly nextCredentialsKey: Buffer | null;
  };
  /** The first user, made when there is none. */
  readonly superadmin: { readonly email: string; readonly password: string } | null;
  readonly whatsapp: {
    readonly webSocketUrl: string;
    /** Public key of the certificate root; `null` is WhatsApp's own. */
    readonly rootKey: Buffer | null;
    /** The client version to show, whatever WhatsApp's site says. */
    readonly version: [number, number, number] | null;
    /** Where WhatsApp's site tells its version; `null` is nowhere. */
    readonly versionUrl: string | null;
    readonly keepAliveMs: number;
    readonly connectsPerSecond: number;
    readonly connectBurst: number;
    readonly connectingMax: number;
    /** Whether mail of groups is read. */
    readonly groups: boolean;
  };
  readonly reconcileIntervalMs: number;
  /** How long an outlet is down before that is an incident, and has to stay well before it is over. Milliseconds. */
  readonly incidents: { readonly afterMs: number; readonly wellForMs: number };
  /** How long status changes are kept. Whole days. */
  readonly statusRetentionDays: number;
  readonly activityRetentionDays: number;
  /** How long what ended blasts said is kept: messages, files, what was filled in. Whole days. */
  readonly blastContentDays: number;
  /** The longest that a blast waits after the press, so that it can be taken back. */
  readonly blastUndoMs: number;
  readonly blastPaceMs: { readonly min: number; readonly max: number };
  /** `null`: metrics are for this machine alone. */
  readonly metricsToken: string | null;
  /** How long receipts are waited for before a message that may have been sent is left to a person. */
  readonly blastReceiptWaitMs: number;
  readonly webhooks: {
    /** Networks, as CIDRs, that outgoing requests may reach besides public addresses. */
    readonly egressAllow: readonly string[];
    /** Before the second try; later pauses grow from it. */
    readonly retryMs: number;
    /** How long one delivery may take from its first step to the end of the answer. */
    readonly timeoutMs: number;
  };
  /** How mail is sent; `null`: not at all. The address may hold a password. */
  readonly smtp: { readonly url: string; readonly from: string } | null;
  readonly alerts: {
    /** Before the second try of a message; later pauses grow from it. */
    readonly retryMs: number;
    /** How long each step of a mail may take: connecting, a greeting, an answer. */
    readonly timeoutMs: number;
    /** Between two messages of one rule that outlets are down. */
    readonly spacingMs: number;
  };
  readonly log: { readonly level: LogLevel; readonly format: 'pretty' | 'json' };
}

export type RawEnv = Record<string, string | undefined>;

/** Every fault of an environment, each a sentence that names its variable. */
export class EnvFaults {
  constructor(readonly faults: readonly string[]) {}

  get message(): string {
    return `The environment is not usable:\n${this.faults.map((fault) => `  - ${fault}`).join('\n')}`;
  }
}

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

const DAY_MS = 86_400_000;
const WHATSAPP_WEB = 'wss://web.whatsapp.com/ws/chat';
/** Where WhatsApp's site names the version of its own client. */
const WHATSAPP_SCRIPT = 'https://web.whatsapp.com/sw.js';
/** Values that tutorials print and people forget to change. */
const PLACEHOLDER =
  /change[-_ ]?(me|this|it)|^(your|my)[-_ ]|^(jwt|super)?[-_ ]?secret|^password|^example|^1234|^test/i;

function whole(min: number, max: number, fallback: number) {
  const complaint = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, complaint)
    .transform(Number)
    .pipe(z.number().min(min, complaint).max(max, complaint))
    .default(fallback);
}

/** Parses by `parse`, which answers `undefined` for what it does not take. */
function parsed<T>(complaint: string, parse: (text: string) => T | undefined) {
  return z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: complaint });
    return z.NEVER;
  });
}

const Url = (protocols: string[], complaint: string) =>
  parsed(complaint, (text) => (URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined));

const Origins = parsed('must be origins such as https://status.example.com, separated by commas', (text) => {
  const origins = list(text).map((item) => {
    const url = URL.canParse(item) ? new URL(item) : undefined;
    const isOrigin = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.username;
    return isOrigin ? url.origin : undefined;
  });
  const usable = origins.filter((origin) => origin !== undefined);
  return usable.length > 0 && usable.length === origins.length ? usable : undefined;
});

const TrustProxy = parsed(
  'must be how many proxies stand in front (0 to 9), or their addresses or subnets separated by commas',
  (text) => {
    if (/^\d$/.test(text)) return Number(text);
    const addresses = list(text);
    const known = (item: string) => /^(loopback|linklocal|uniquelocal)$/.test(item) || isIP(item.split('/')[0]!) > 0;
    return addresses.length > 0 && addresses.every(known) ? addresses : undefined;
  },
);

const Networks = parsed('must be networks such as 10.1.0.0/16 or fd00::/8, separated by commas', (text) => {
  const networks = list(text);
  return networks.every(isNetwork) ? networks : undefined;
});

const JwtSecret = parsed('must be at least 32 random characters, no placeholder (openssl rand -base64 48)', (text) =>
  text.length >= 32 && new Set(text).size >= 8 && !PLACEHOLDER.test(text) ? text : undefined,
);

const CredentialsKey = parsed('must be 32 random bytes as base64 (openssl rand -base64 32)', (text) => {
  if (!/^[\w+/-]{43}=?$/.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length === 32 && new Set(key).size >= 8 ? key : undefined;
});

const Pace = parsed('must be two whole numbers min-max in milliseconds, such as 20000-45000', (text) => {
  const [min, max] = /^(\d{1,8})-(\d{1,8})$/.exec(text)?.slice(1).map(Number) ?? [];
  return min !== undefined && max !== undefined && min <= max && max <= DAY_MS ? { min, max } : undefined;
});

const SENDER = CreateUser.shape.email;
/** `Koneksi <alerts@example.com>`, or the address alone. */
const Sender = parsed('must be an address such as Koneksi <alerts@example.com>', (text) => {
  const [, name = '', address = ''] = /^([^<>"]*)<([^<>]+)>$/.exec(text.trim()) ?? [null, '', text];
  const parsedAddress = SENDER.safeParse(address);
  return parsedAddress.success ? `${name.trim() && `"${name.trim()}" `}<${parsedAddress.data}>` : undefined;
});

const RawSchema = z.object({
  PORT: whole(0, 65_535, 3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be a host name or an address')
    .default('127.0.0.1'),
  DATA_DIR: z
    .string()
    .default('.data')
    .transform((path) => resolve(path)),
  DATABASE_URL: Url(['postgres:', 'postgresql:'], 'must be a postgres:// URL').optional(),
  SEVERAL_NODES: z.enum(['on', 'off'], { error: 'must be on or off' }).default('off'),
  DATABASE_DIRECT_URL: Url(['postgres:', 'postgresql:'], 'must be a postgres:// URL').optional(),
  NATS_URL: Url(['nats:', 'tls:'], 'must be a nats:// or tls:// URL').optional(),
  SUPERADMIN_EMAIL: CreateUser.shape.email.optional(),
  SUPERADMIN_PASSWORD: CreateUser.shape.password.optional(),
  JWT_SECRET: JwtSecret.optional(),
  CREDENTIALS_KEY: CredentialsKey.optional(),
  CREDENTIALS_KEY_PREVIOUS: CredentialsKey.optional(),
  CREDENTIALS_KEY_NEXT: CredentialsKey.optional(),
  WA_WEB_SOCKET_URL: Url(['ws:', 'wss:'], 'must be a ws:// or wss:// URL').default(WHATSAPP_WEB),
  WA_ROOT_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits')
    .transform((hex) => Buffer.from(hex, 'hex'))
    .optional(),
  WA_VERSION: z
    .string()
    .regex(/^2\.3000\.\d{6,12}$/, 'must be a version such as 2.3000.1043857760')
    .transform((text) => text.split('.').map(Number) as [number, number, number])
    .optional(),
  WA_VERSION_URL: Url(['http:', 'https:'], 'must be an http:// or https:// URL').optional(),
  WA_KEEPALIVE_MS: whole(50, DAY_MS, 25_000),
  WA_CONNECTS_PER_SECOND: whole(1, 1000, 100),
  WA_CONNECT_BURST: whole(1, 10_000, 30),
  WA_CONNECTING_MAX: whole(1, 10_000, 10),
  WA_GROUPS: z.enum(['on', 'off'], { error: 'must be on or off' }).default('off'),
  RECONCILE_INTERVAL_MS: whole(50, DAY_MS, 15_000),
  INCIDENT_AFTER_MS: whole(0, DAY_MS, 15_000),
  INCIDENT_WELL_FOR_MS: whole(0, DAY_MS, 60_000),
  // The dashboard draws up to a week.
  STATUS_RETENTION_DAYS: whole(8, 3650, 30),
  ACTIVITY_RETENTION_DAYS: whole(1, 3650, 400),
  // Phones ask again for what they could not read for up to a month.
  BLAST_CONTENT_DAYS: whole(30, 3650, 90),
  BLAST_PACE_MS: Pace.default({ min: 20_000, max: 45_000 }),
  BLAST_UNDO_MS: whole(0, 60_000, 10_000),
  BLAST_RECEIPT_WAIT_MS: whole(0, DAY_MS, 60_000),
  PUBLIC_ORIGIN: Origins.optional(),
  TRUST_PROXY: TrustProxy.default(0),
  SOCKETS_PER_CALLER: whole(1, 100_000, 200),
  EGRESS_ALLOW: Networks.default([]),
  WEBHOOK_RETRY_MS: whole(10, 600_000, 5_000),
  WEBHOOK_TIMEOUT_MS: whole(100, 60_000, 10_000),
  SMTP_URL: Url(['smtp:', 'smtps:'], 'must be an smtp:// or smtps:// URL').optional(),
  SMTP_FROM: Sender.optional(),
  ALERT_RETRY_MS: whole(10, 600_000, 5_000),
  ALERT_TIMEOUT_MS: whole(100, 120_000, 20_000),
  ALERT_SPACING_MS: whole(0, 3_600_000, 120_000),
  METRICS_TOKEN: z.string().min(16, 'must be at least 16 characters (openssl rand -hex 24)').optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  LOG_FORMAT: z.enum(['pretty', 'json'], { error: 'must be pretty or json' }).optional(),
});

/** Every variable of it. */
export const VARIABLES = Object.keys(RawSchema.shape);

/** `isTerminal` decides the log format where `LOG_FORMAT` is not given. */
export function parseEnv(raw: RawEnv, isTerminal = false): Env | EnvFaults {
  // `docker compose` and CI hand over an unset variable as an empty one.
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value?.trim()));
  const result = RawSchema.safeParse(given);
  const faults = [
    ...(result.error?.issues ?? []).map((issue) => `${String(issue.path[0])} ${sentence(issue)}`),
    ...faultsBetween(given),
  ];
  if (faults.length > 0 || !result.data) return new EnvFaults(faults);
  return toEnv(result.data, isTerminal);
}

/** What is wrong with variables that are fine one by one. */
function faultsBetween(given: RawEnv): string[] {
  const faults: string[] = [];
  if (given.DATABASE_URL) {
    const missing = (['JWT_SECRET', 'CREDENTIALS_KEY'] as const).filter((name) => !given[name]);
    for (const name of missing) {
      faults.push(`${name} is required with DATABASE_URL: only the embedded database keeps a generated one beside it`);
    }
  }
  if (given.SEVERAL_NODES === 'on' && !given.DATABASE_URL) {
    faults.push('SEVERAL_NODES goes with DATABASE_URL: the embedded database is for one process');
  }
  if (given.DATABASE_DIRECT_URL && !given.DATABASE_URL) {
    faults.push('DATABASE_DIRECT_URL goes with DATABASE_URL, whose pooler it leads past');
  }
  if (given.CREDENTIALS_KEY_PREVIOUS && !given.CREDENTIALS_KEY) {
    faults.push('CREDENTIALS_KEY_PREVIOUS goes with CREDENTIALS_KEY, the key to rotate to');
  }
  // Baileys does not compare the key in WhatsApp's certificate with the server's: TLS alone tells who answers.
  if (given.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    faults.push('NODE_TLS_REJECT_UNAUTHORIZED=0 lets anyone on the network pose as WhatsApp: remove it');
  }
  if (!given.SUPERADMIN_EMAIL !== !given.SUPERADMIN_PASSWORD) {
    faults.push('SUPERADMIN_EMAIL and SUPERADMIN_PASSWORD go together; one of them is missing');
  }
  if (!given.SMTP_URL !== !given.SMTP_FROM) {
    faults.push('SMTP_URL and SMTP_FROM go together; one of them is missing');
  }
  return faults;
}

function toEnv(data: z.infer<typeof RawSchema>, isTerminal: boolean): Env {
  return {
    http: {
      port: data.PORT,
      host: data.HOST,
      publicOrigins: data.PUBLIC_ORIGIN ?? null,
      trustProxy: data.TRUST_PROXY,
    },
    socketsPerCaller: data.SOCKETS_PER_CALLER,
    dataDir: data.DATA_DIR,
    database: {
      url: data.DATABASE_URL ?? null,
      directUrl: data.DATABASE_DIRECT_URL ?? null,
      severalNodes: data.SEVERAL_NODES === 'on',
    },
    bus: { natsUrl: data.NATS_URL ?? null },
    secrets: {
      jwtSecret: data.JWT_SECRET ?? null,
      credentialsKey: data.CREDENTIALS_KEY ?? null,
      previousCredentialsKey: data.CREDENTIALS_KEY_PREVIOUS ?? null,
      nextCredentialsKey: data.CREDENTIALS_KEY_NEXT ?? null,
    },
    superadmin:
      data.SUPERADMIN_EMAIL && data.SUPERADMIN_PASSWORD
        ? { email: data.SUPERADMIN_EMAIL, password: data.SUPERADMIN_PASSWORD }
        : null,
    whatsapp: {
      webSocketUrl: data.WA_WEB_SOCKET_URL,
      rootKey: data.WA_ROOT_KEY ?? null,
      version: data.WA_VERSION ?? null,
      versionUrl: data.WA_VERSION_URL ?? (data.WA_ROOT_KEY ? null : WHATSAPP_SCRIPT),
      keepAliveMs: data.WA_KEEPALIVE_MS,
      connectsPerSecond: data.WA_CONNECTS_PER_SECOND,
      connectBurst: data.WA_CONNECT_BURST,
      connectingMax: data.WA_CONNECTING_MAX,
      groups: data.WA_GROUPS === 'on',
    },
    reconcileIntervalMs: data.RECONCILE_INTERVAL_MS,
    incidents: { afterMs: data.INCIDENT_AFTER_MS, wellForMs: data.INCIDENT_WELL_FOR_MS },
    statusRetentionDays: data.STATUS_RETENTION_DAYS,
    activityRetentionDays: data.ACTIVITY_RETENTION_DAYS,
    blastContentDays: data.BLAST_CONTENT_DAYS,
    blastUndoMs: data.BLAST_UNDO_MS,
    blastPaceMs: data.BLAST_PACE_MS,
    metricsToken: data.METRICS_TOKEN ?? null,
    blastReceiptWaitMs: data.BLAST_RECEIPT_WAIT_MS,
    webhooks: {
      egressAllow: data.EGRESS_ALLOW,
      retryMs: data.WEBHOOK_RETRY_MS,
      timeoutMs: data.WEBHOOK_TIMEOUT_MS,
    },
    smtp: data.SMTP_URL && data.SMTP_FROM ? { url: data.SMTP_URL, from: data.SMTP_FROM } : null,
    alerts: { retryMs: data.ALERT_RETRY_MS, timeoutMs: data.ALERT_TIMEOUT_MS, spacingMs: data.ALERT_SPACING_MS },
    log: { level: data.LOG_LEVEL, format: data.LOG_FORMAT ?? (isTerminal ? 'pretty' : 'json') },
  };
}

/** Our own complaints read as predicates; zod's (`Too small: …`) become one. Values are never repeated: some are secret. */
function sentence(issue: z.core.$ZodIssue): string {
  return issue.message.startsWith('must ') ? issue.message : `is not valid: ${issue.message}`;
}

function isNetwork(text: string): boolean {
  const [address = '', prefix = ''] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}
