import { SimulatorError } from '../simulator-error.js';
import type { Ending } from './endings.js';
import type { JunkKind } from './junk.js';
import { RateLimit } from '../rate-limit.js';
import { RuleList } from './rule-list.js';

/** How long a standing fault lasts: once is `{ times: 1 }`; without `times`, until cleared. */
export interface FaultDuration {
  times?: number;
}

/** A `<failure>` in place of `<success>`. */
export interface LoginRefusal extends FaultDuration {
  /** Becomes Baileys' status code when it is a number; anything else leaves rc14 without a close event. */
  reason: string;
  /** E.g. `{ code: '101', expire: '3600' }` of a temporary ban (402). */
  attrs?: Record<string, string>;
  /** Refuses only clients older than this, as 405 does in life: `[2, 3000, 1015901307]`. Given for all, it refuses registrations too. */
  untilVersion?: readonly number[];
}

/** The phone cannot link a client, and the client hears nothing of it. */
export interface LinkRefusal extends FaultDuration {
  /** Refuses only clients older than this; without, all, as accounts whose linking is restricted do. */
  untilVersion?: readonly number[];
}

/** An error in place of what a client is answered while it links by code. */
export interface CodeRefusal extends FaultDuration {
  /** When it asks for a code, or when it answers the phone that typed it. */
  stage: 'companion_hello' | 'companion_finish';
  /** E.g. '400' (bad-request) or '429' (rate-overlimit). */
  code: string;
  /** Default 'bad-request'. */
  text?: string;
}

/** WhatsApp itself removes a companion soon after it was linked. */
export interface Removal extends FaultDuration {
  /** How long after its first login, in milliseconds. Default 2,000. */
  afterMs?: number;
}

/** What becomes of the `<ack class="message">` a companion waits for. */
export interface AckFault extends FaultDuration {
  /** Milliseconds the ack comes late. The message is delivered all the same. */
  delayMs?: number;
  /** A negative ack, e.g. '463' (no privacy token, account restricted) or '479' (stale addressing); the message is not delivered. */
  error?: string;
  /** No ack at all; the message is delivered. */
  drop?: boolean;
}

/** `silent`: the websocket lives, nothing is answered. `tcp`: the peer stopped reading, no close handshake either. */
export type FreezeKind = 'silent' | 'tcp';

export interface ActiveFault {
  fault: string;
  value: unknown;
  /** How often it still applies; null until cleared. */
  left: number | null;
}

/**
 * Faults of one account, or of all. Actions hit the connections that are open now; rules wait for the
 * next occasion. An account's own rules are used before the global ones.
 */
export interface Faults {
  /** Ends open connections now, all or one device's. Returns how many. Baileys shows the code named at `EndingName`. */
  end(ending: Ending, options?: { device?: number }): number;
  /** Ends logins in this way, where `<success>` would come. */
  endLogin(ending: Ending, duration?: FaultDuration): void;
  /** Answers logins with `<failure reason/>` and closes: Baileys' close code is the reason. */
  refuseLogin(refusal: LoginRefusal): void;
  /**
   * Scans and codes fail on the phone (LINKING_REFUSED) and the companion hears nothing: so WhatsApp treats clients that
   * are too old (WhiskeySockets/Baileys#2679, devlikeapro/waha#2193), and official accounts (WhiskeySockets/Baileys#2805).
   */
  refuseLinking(refusal?: LinkRefusal): void;
  /** Answers a client that links by code with an error, as WhatsApp does at either stage (WhiskeySockets/Baileys#2008, #2560). */
  refuseCode(refusal: CodeRefusal): void;
  /** Accepts logins but never says `<success>`: rc14 stays "connecting" until its keep-alive fails. */
  stuckLogin(duration?: FaultDuration): void;
  /** Leaves iqs unanswered, all or of one xmlns: a query hangs for Baileys' `defaultQueryTimeoutMs` (60 s). */
  unansweredIqs(options?: FaultDuration & { xmlns?: string }): void;
  /** Makes open connections half-open: Baileys notices by keep-alive, 35 to 95 s later with its defaults (408). Returns how many. */
  freeze(kind: FreezeKind): number;
  /** Lets frozen connections go on where they stood. Returns how many. */
  thaw(): number;
  /**
   * Unlinks companions that link from now on a little later, on its own account and without a word from the phone
   * (devlikeapro/waha#2136, WhiskeySockets/Baileys#2248, tulir/whatsmeow#1042): 401 device_removed.
   */
  removeAfterLinking(removal?: Removal): void;
  /** Late, missing or negative acks for messages. A negative one is `messages.update` with status ERROR and the code in `messageStubParameters`. */
  ack(fault: AckFault): void;
  /** Holds every outgoing stanza back by so many milliseconds, in order, until cleared. 0 ends it. */
  latency(milliseconds: number): void;
  /** The receiving phone has lost its Signal session: a `msg` cannot be read and is asked for again by retry receipt. */
  loseSession(duration?: FaultDuration): void;
  /** Sends frames no honest server sends to every open connection; the same ones for the same seed. Returns how many went out. */
  junk(kind: JunkKind, count?: number, seed?: number): number;
  /** The standing faults. */
  active(): ActiveFault[];
  /** Removes all standing faults and thaws. Connections already ended stay ended. */
  clear(): void;
}

/** An address that logs in too often is served late, or refused. */
export interface LoginThrottle {
  /** How many logins of one address within a second are served at once. */
  perSecond: number;
  /** How long each further one waits, in milliseconds. */
  delayMs?: number;
  /** Refuses them instead, with `<failure reason/>`. */
  reason?: string;
}

/** What can go wrong before anybody has said who they are. */
export interface GlobalFaults extends Faults {
  /** Answers websocket upgrades with this HTTP status (400 to 599). rc14 then never emits 'close'. */
  refuseUpgrade(status: number, duration?: FaultDuration): void;
  /**
   * From here on logins of one address are throttled, until cleared. Not seen on WhatsApp by anybody who told: it is for
   * whatever paces its own logins.
   */
  throttleLogins(throttle: LoginThrottle): void;
  /** Never sends ServerHello: Baileys gives up after `connectTimeoutMs` with 408. */
  silentHandshake(duration?: FaultDuration): void;
  /** Resets the line of a client that registers, as soon as it has refs to show: 428. */
  cutRegistration(duration?: FaultDuration): void;
  /** Stops listening: connections are refused (408), open ones stay. The control API is gone too, until `forMs` is over or acceptConnections. */
  refuseConnections(options?: { forMs?: number }): Promise<void>;
  /** Listens again, on the same port. */
  acceptConnections(): Promise<void>;
}

/** The connections a set of faults can act on. */
export interface FaultTarget {
  readonly device: number | undefined;
  end(ending: Ending): void;
  freeze(kind: FreezeKind): void;
  /** True when it was frozen. */
  thaw(): boolean;
  junk(kind: JunkKind, count: number, seed: number): number;
}

/** Opening and closing the port. */
export interface Door {
  close(): Promise<void>;
  open(): Promise<void>;
}

const MAX_JUNK = 1_000_000;

/** The rules behind `Faults`, and where the sessions look them up. */
export class FaultRules implements Faults {
  readonly loginEndings = new RuleList<Ending>();
  readonly loginRefusals = new RuleList<LoginRefusal>();
  readonly linkRefusals = new RuleList<LinkRefusal>();
  readonly codeRefusals = new RuleList<CodeRefusal>();
  readonly stuckLogins = new RuleList<true>();
  readonly mutedIqs = new RuleList<{ xmlns?: string }>();
  readonly removals = new RuleList<{ afterMs: number }>();
  /** Nobody has said whose they are, so there are none of one account. */
  readonly registrationCuts = new RuleList<true>();
  readonly acks = new RuleList<AckFault>();
  readonly lostSessions = new RuleList<true>();
  latencyMs = 0;

  constructor(private readonly targets: () => Iterable<FaultTarget>) {}

  end(ending: Ending, { device }: { device?: number } = {}): number {
    return this.each((target) => {
      if (device !== undefined && target.device !== device) return 0;
      target.end(ending);
      return 1;
    });
  }

  endLogin(ending: Ending, { times }: FaultDuration = {}): void {
    this.loginEndings.add(ending, checkedTimes(times));
  }

  refuseLogin({ times, ...refusal }: LoginRefusal): void {
    this.loginRefusals.add(refusal, checkedTimes(times));
  }

  refuseLinking({ times, ...refusal }: LinkRefusal = {}): void {
    this.linkRefusals.add(refusal, checkedTimes(times));
  }

  refuseCode({ times, ...refusal }: CodeRefusal): void {
    this.codeRefusals.add(refusal, checkedTimes(times));
  }

  stuckLogin({ times }: FaultDuration = {}): void {
    this.stuckLogins.add(true, checkedTimes(times));
  }

  unansweredIqs({ times, ...which }: FaultDuration & { xmlns?: string } = {}): void {
    this.mutedIqs.add(which, checkedTimes(times));
  }

  freeze(kind: FreezeKind): number {
    return this.each((target) => {
      target.freeze(kind);
      return 1;
    });
  }

  thaw(): number {
    return this.each((target) => (target.thaw() ? 1 : 0));
  }

  removeAfterLinking({ times, afterMs = 2_000 }: Removal = {}): void {
    this.removals.add({ afterMs: checkedMilliseconds(afterMs) }, checkedTimes(times));
  }

  ack({ times, ...fault }: AckFault): void {
    if (fault.delayMs === undefined && fault.error === undefined && !fault.drop)
      throw new SimulatorError('FAULT_INVALID', 'An ack fault needs delayMs, error or drop.');
    if (fault.delayMs !== undefined) checkedMilliseconds(fault.delayMs);
    this.acks.add(fault, checkedTimes(times));
  }

  latency(milliseconds: number): void {
    this.latencyMs = checkedMilliseconds(milliseconds);
  }

  loseSession({ times }: FaultDuration = {}): void {
    this.lostSessions.add(true, checkedTimes(times));
  }

  junk(kind: JunkKind, count = 1, seed = 1): number {
    if (!Number.isInteger(count) || count < 1 || count > MAX_JUNK)
      throw new SimulatorError('FAULT_INVALID', `A count of junk frames is a whole number from 1 to ${MAX_JUNK}.`);
    return this.each((target) => target.junk(kind, count, seed));
  }

  active(): ActiveFault[] {
    const standing: ActiveFault[] = [];
    for (const [fault, list] of this.lists()) for (const rule of list.describe()) standing.push({ fault, ...rule });
    if (this.latencyMs > 0) standing.push({ fault: 'latency', value: this.latencyMs, left: null });
    return standing;
  }

  clear(): void {
    for (const [, list] of this.lists()) list.clear();
    this.latencyMs = 0;
    this.thaw();
  }

  protected lists(): [string, RuleList<unknown>][] {
    return [
      ['endLogin', this.loginEndings],
      ['refuseLogin', this.loginRefusals],
      ['refuseLinking', this.linkRefusals],
      ['refuseCode', this.codeRefusals],
      ['stuckLogin', this.stuckLogins],
      ['unansweredIqs', this.mutedIqs],
      ['removeAfterLinking', this.removals],
      ['ack', this.acks],
      ['loseSession', this.lostSessions],
    ] as [string, RuleList<unknown>][];
  }

  private each(act: (target: FaultTarget) => number): number {
    let sum = 0;
    for (const target of [...this.targets()]) sum += act(target);
    return sum;
  }
}

export class GlobalFaultRules extends FaultRules implements GlobalFaults {
  readonly upgradeRefusals = new RuleList<number>();
  readonly silentHandshakes = new RuleList<true>();
  private throttle: { rule: LoginThrottle; limit: RateLimit } | undefined;
  private reopening: NodeJS.Timeout | undefined;
  private isRefusing = false;

  constructor(
    targets: () => Iterable<FaultTarget>,
    private readonly door: Door,
  ) {
    super(targets);
  }

  refuseUpgrade(status: number, { times }: FaultDuration = {}): void {
    if (!Number.isInteger(status) || status < 400 || status > 599)
      throw new SimulatorError('FAULT_INVALID', 'An upgrade is refused with an HTTP status from 400 to 599.');
    this.upgradeRefusals.add(status, checkedTimes(times));
  }

  throttleLogins(rule: LoginThrottle): void {
    const { perSecond, delayMs, reason } = rule;
    if (!Number.isInteger(perSecond) || perSecond < 1 || (delayMs === undefined && reason === undefined))
      throw new SimulatorError('FAULT_INVALID', 'A throttle needs perSecond, at least 1, and delayMs or reason.');
    if (delayMs !== undefined) checkedMilliseconds(delayMs);
    this.throttle = { rule, limit: new RateLimit(perSecond, 1_000, () => Date.now()) };
  }

  /** What becomes of one more login from an address; undefined where nothing keeps it. */
  throttled(address: string): LoginThrottle | undefined {
    return this.throttle && !this.throttle.limit.take(address) ? this.throttle.rule : undefined;
  }

  silentHandshake({ times }: FaultDuration = {}): void {
    this.silentHandshakes.add(true, checkedTimes(times));
  }

  cutRegistration({ times }: FaultDuration = {}): void {
    this.registrationCuts.add(true, checkedTimes(times));
  }

  async refuseConnections({ forMs }: { forMs?: number } = {}): Promise<void> {
    clearTimeout(this.reopening);
    if (forMs !== undefined) {
      this.reopening = setTimeout(
        () => void this.acceptConnections().catch(() => undefined),
        checkedMilliseconds(forMs),
      );
    }
    this.isRefusing = true;
    await this.door.close();
  }

  async acceptConnections(): Promise<void> {
    clearTimeout(this.reopening);
    this.isRefusing = false;
    await this.door.open();
  }

  override active(): ActiveFault[] {
    const standing = super.active();
    if (this.isRefusing) standing.push({ fault: 'refuseConnections', value: null, left: null });
    if (this.throttle) standing.push({ fault: 'throttleLogins', value: this.throttle.rule, left: null });
    return standing;
  }

  /** The simulator stops: nothing is to be reopened. */
  dispose(): void {
    clearTimeout(this.reopening);
  }

  override clear(): void {
    super.clear();
    this.throttle = undefined;
    void this.acceptConnections().catch(() => undefined);
  }

  protected override lists(): [string, RuleList<unknown>][] {
    return [
      ...super.lists(),
      ['refuseUpgrade', this.upgradeRefusals],
      ['silentHandshake', this.silentHandshakes],
      ['cutRegistration', this.registrationCuts],
    ];
  }
}

function checkedTimes(times: number | undefined): number | undefined {
  if (times !== undefined && (!Number.isInteger(times) || times < 1))
    throw new SimulatorError('FAULT_INVALID', 'A fault applies a whole number of times, at least once.');
  return times;
}

function checkedMilliseconds(milliseconds: number): number {
  if (!Number.isFinite(milliseconds) || milliseconds < 0 || milliseconds > 3_600_000)
    throw new SimulatorError('FAULT_INVALID', 'A delay is 0 to 3,600,000 milliseconds.');
  return milliseconds;
}
