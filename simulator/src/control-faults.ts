import { BAN_CODES, type Ending, ENDING_NAMES, isEndingName, type TemporaryBan } from './faults/endings.js';
import type { FaultDuration, Faults, GlobalFaults } from './faults/faults.js';
import { JUNK_KINDS, type JunkKind } from './faults/junk.js';
import { SimulatorError } from './simulator-error.js';

type Body = Record<string, unknown>;
/** Returns how many connections it hit; 0 for rules, which wait. */
type Inject = (faults: Faults, body: Body) => number;
type InjectGlobally = (faults: GlobalFaults, body: Body) => number;

const rule = (set: () => void): number => {
  set();
  return 0;
};

const ANYWHERE: Record<string, Inject> = {
  end: (faults, body) =>
    faults.end(ending(body), optional(body, 'device', 'number') === undefined ? {} : { device: body.device as number }),
  endLogin: (faults, body) => rule(() => faults.endLogin(ending(body), times(body))),
  refuseLogin: (faults, body) =>
    rule(() => {
      const attrs = textMap(body.attrs, 'attrs');
      const untilVersion = versionOf(body.untilVersion);
      faults.refuseLogin({
        reason: required(body, 'reason'),
        ...times(body),
        ...(attrs && { attrs }),
        ...(untilVersion && { untilVersion }),
      });
    }),
  refuseLinking: (faults, body) =>
    rule(() => {
      const untilVersion = versionOf(body.untilVersion);
      faults.refuseLinking({ ...times(body), ...(untilVersion && { untilVersion }) });
    }),
  refuseCode: (faults, body) =>
    rule(() => {
      const { stage } = body;
      if (stage !== 'companion_hello' && stage !== 'companion_finish')
        throw invalid('"stage" must be "companion_hello" or "companion_finish".');
      const text = body.text === undefined ? {} : { text: required(body, 'text') };
      faults.refuseCode({ stage, code: required(body, 'code'), ...text, ...times(body) });
    }),
  stuckLogin: (faults, body) => rule(() => faults.stuckLogin(times(body))),
  unansweredIqs: (faults, body) =>
    rule(() =>
      faults.unansweredIqs({ ...times(body), ...(body.xmlns !== undefined && { xmlns: required(body, 'xmlns') }) }),
    ),
  freeze: (faults, body) => {
    if (body.kind !== 'silent' && body.kind !== 'tcp') throw invalid('"kind" must be "silent" or "tcp".');
    return faults.freeze(body.kind);
  },
  thaw: (faults) => faults.thaw(),
  removeAfterLinking: (faults, body) =>
    rule(() => {
      const afterMs = optional(body, 'afterMs', 'number') as number | undefined;
      faults.removeAfterLinking({ ...times(body), ...(afterMs !== undefined && { afterMs }) });
    }),
  ack: (faults, body) =>
    rule(() => {
      const delayMs = optional(body, 'delayMs', 'number') as number | undefined;
      const drop = optional(body, 'drop', 'boolean') as boolean | undefined;
      faults.ack({
        ...times(body),
        ...(delayMs !== undefined && { delayMs }),
        ...(drop !== undefined && { drop }),
        ...(body.error !== undefined && { error: required(body, 'error') }),
      });
    }),
  latency: (faults, body) => rule(() => faults.latency(Number(optional(body, 'ms', 'number') ?? Number.NaN))),
  loseSession: (faults, body) => rule(() => faults.loseSession(times(body))),
  junk: (faults, body) => {
    if (!JUNK_KINDS.includes(body.kind as JunkKind)) throw invalid(`"kind" must be one of ${JUNK_KINDS.join(', ')}.`);
    return faults.junk(
      body.kind as JunkKind,
      optional(body, 'count', 'number') as number | undefined,
      optional(body, 'seed', 'number') as number | undefined,
    );
  },
};

const GLOBALLY: Record<string, InjectGlobally> = {
  refuseUpgrade: (faults, body) =>
    rule(() => faults.refuseUpgrade(Number(optional(body, 'status', 'number') ?? Number.NaN), times(body))),
  throttleLogins: (faults, body) =>
    rule(() => {
      const delayMs = optional(body, 'delayMs', 'number') as number | undefined;
      faults.throttleLogins({
        perSecond: Number(optional(body, 'perSecond', 'number') ?? Number.NaN),
        ...(delayMs !== undefined && { delayMs }),
        ...(body.reason !== undefined && { reason: required(body, 'reason') }),
      });
    }),
  silentHandshake: (faults, body) => rule(() => faults.silentHandshake(times(body))),
  cutRegistration: (faults, body) => rule(() => faults.cutRegistration(times(body))),
  refuseConnections: (faults, body) => {
    const forMs = optional(body, 'forMs', 'number') as number | undefined;
    // Nobody could ask for the end of it: the control API is on the port that closes.
    if (forMs === undefined)
      throw invalid('"forMs" must say after how many milliseconds connections are accepted again.');
    return rule(() => void faults.refuseConnections({ forMs }).catch(() => undefined));
  },
};

export const FAULT_NAMES: readonly string[] = [...Object.keys(ANYWHERE), ...Object.keys(GLOBALLY)];

/** Injects the fault a request describes; undefined when it names none. Throws FAULT_INVALID. */
export function controlFault(target: Faults | GlobalFaults, body: Body): number | undefined {
  const { fault } = body;
  if (typeof fault !== 'string') return undefined;
  if (Object.hasOwn(ANYWHERE, fault)) return ANYWHERE[fault]?.(target, body);
  if (!Object.hasOwn(GLOBALLY, fault)) return undefined;
  if (!('refuseUpgrade' in target))
    throw invalid(`"${fault}" happens before an account is known; it is injected for all.`);
  return GLOBALLY[fault]?.(target, body);
}

function ending(body: Body): Ending {
  const { ending: wanted, failure, streamError } = body;
  if (isEndingName(wanted)) return wanted;
  if (body.temporaryBan !== undefined) return { temporaryBan: temporaryBan(body.temporaryBan) };
  const failed = failure as Body | undefined;
  if (failed && typeof failed === 'object') {
    const attrs = textMap(failed.attrs, 'attrs');
    return { failure: { reason: required(failed, 'reason'), ...(attrs && { attrs }) } };
  }
  const errored = streamError as Body | undefined;
  if (errored && typeof errored === 'object') {
    const childAttrs = textMap(errored.childAttrs, 'childAttrs');
    return {
      streamError: {
        ...(errored.code !== undefined && { code: required(errored, 'code') }),
        ...(errored.child !== undefined && { child: required(errored, 'child') }),
        ...(childAttrs && { childAttrs }),
      },
    };
  }
  throw invalid(
    `"ending" must be one of ${ENDING_NAMES.join(', ')}; or give "failure", "streamError" or "temporaryBan".`,
  );
}

function temporaryBan(value: unknown): TemporaryBan {
  const ban = (value ?? {}) as Body;
  const code = BAN_CODES.find((known) => known === ban.code);
  const expiresInSeconds = optional(ban, 'expiresInSeconds', 'number') as number | undefined;
  if (code === undefined) throw invalid(`"temporaryBan" must have as "code" one of ${BAN_CODES.join(', ')}.`);
  return { code, ...(expiresInSeconds !== undefined && { expiresInSeconds }) };
}

function times(body: Body): FaultDuration {
  const count = optional(body, 'times', 'number') as number | undefined;
  return count === undefined ? {} : { times: count };
}

function optional(body: Body, name: string, type: 'number' | 'boolean'): unknown {
  const value = body[name];
  if (value !== undefined && typeof value !== type) throw invalid(`"${name}" must be a ${type}.`);
  return value;
}

function required(body: Body, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw invalid(`"${name}" must be a text.`);
  return value;
}

function textMap(value: unknown, name: string): Record<string, string> | undefined {
  if (value === undefined) return undefined;
  if (value === null || typeof value !== 'object' || Object.values(value).some((each) => typeof each !== 'string'))
    throw invalid(`"${name}" must be an object of texts.`);
  return value as Record<string, string>;
}

function versionOf(value: unknown): number[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.some((part) => typeof part !== 'number'))
    throw invalid('"untilVersion" must be a list of numbers.');
  return value as number[];
}

function invalid(message: string): SimulatorError {
  return new SimulatorError('FAULT_INVALID', message);
}
