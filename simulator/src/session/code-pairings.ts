import { randomBytes } from 'node:crypto';
import type { Account } from '../accounts/account.js';
import { generateAgreementKey } from '../crypto/curve.js';
import { RateLimit } from '../rate-limit.js';
import { SimulatorError } from '../simulator-error.js';
import { parseJid } from '../wire/jid.js';
import {
  bytesOf,
  child,
  MalformedStanza,
  requiredBytes,
  seconds,
  SERVICE,
  type Stanza,
  stanza,
  textOf,
} from '../wire/stanza.js';
import { isKnownClient } from './client-display.js';
import type { Connection } from './connection.js';
import { errorChild, IqError } from './iq/iq.js';
import { openKeyBundle, unwrapEphemeral, WRAPPED_EPHEMERAL_BYTES, wrapEphemeral } from './pairing-code.js';
import { type ServiceContext, takeFault } from './service-context.js';

export interface CodeOptions {
  /** How long a code can be typed after it was asked for, in milliseconds. */
  codeMs: number;
  /** Codes a number may be asked for within an hour. */
  codesPerHour: number;
}

/** The client that shows a code. */
export interface CodeClient {
  connection: Connection;
  identity: Buffer;
}

interface CodeRequest {
  client: CodeClient;
  wrappedEphemeral: Buffer;
  ref: Buffer;
  askedAt: number;
}

/** What a typed code waits for: the companion's proof that it knows the same one. */
interface Proof {
  ref: Buffer;
  proven(bundle: Buffer): void;
  fail(error: SimulatorError): void;
}

const HOUR_MS = 3_600_000;

/**
 * Linking by an 8-character code. The service refuses clients it does not know by name, and too many wishes for one
 * number with 429 `rate-overlimit` (WhiskeySockets/Baileys#2008, wwebjs/whatsapp-web.js#3763; seven were counted in
 * avoylenko/wwebjs-api#91).
 */
export class CodePairings {
  private readonly requests = new Map<string, CodeRequest>();
  private readonly proofs = new Map<Connection, Proof>();
  private readonly limit: RateLimit;

  constructor(
    private readonly context: ServiceContext,
    private readonly options: CodeOptions,
  ) {
    this.limit = new RateLimit(options.codesPerHour, HOUR_MS, () => context.clock.now());
  }

  /** Answers `companion_hello` and `companion_finish`. */
  received(client: CodeClient, node: Stanza, code: Stanza): void {
    try {
      const reply = code.attrs.stage === 'companion_hello' ? this.hello(client, code) : this.finish(client, code);
      client.connection.send(answer(node, 'result', reply));
    } catch (error) {
      if (!(error instanceof IqError)) throw error;
      this.context.counters.add('codesRefused');
      client.connection.send(answer(node, 'error', errorChild(error)));
    }
  }

  /** The client has gone; whoever was typing its code learns so. */
  close(connection: Connection): void {
    for (const [number, { client }] of this.requests)
      if (client.connection === connection) this.requests.delete(number);
    this.proofs.get(connection)?.fail(gone());
  }

  /**
   * Somebody types a code: who shows it, and the secret both sides now share. Rejects with CODE_NOT_EXPECTED,
   * CODE_EXPIRED, CODE_WRONG or DEVICE_REFUSED.
   */
  async enter(account: Account, code: string): Promise<{ connection: Connection; advSecret: Buffer }> {
    const request = this.requests.get(account.number);
    if (!request)
      throw new SimulatorError('CODE_NOT_EXPECTED', `No companion asked to be linked to ${account.number} by code.`);
    if (this.context.clock.now() > request.askedAt + this.options.codeMs)
      throw new SimulatorError('CODE_EXPIRED', 'The code was asked for too long ago; the companion must ask anew.');
    const { connection } = request.client;
    const ephemeral = generateAgreementKey();
    const [companionEphemeral, wrapped] = await Promise.all([
      unwrapEphemeral(request.wrappedEphemeral, code),
      wrapEphemeral(ephemeral.public, code),
    ]);
    const advSecret = await new Promise<Buffer>((resolve, reject) => {
      const proven = (bundle: Buffer) => {
        const { identity } = account.keys;
        const secret = openKeyBundle(bundle, ephemeral, companionEphemeral, identity, request.client.identity);
        if (secret) resolve(secret);
        else reject(new SimulatorError('CODE_WRONG', 'The code typed is not the one the companion shows.'));
      };
      this.proofs.set(connection, { ref: request.ref, proven, fail: reject });
      if (!connection.isOpen) reject(gone());
      connection.send(this.primaryHello(account, request.ref, wrapped));
    }).finally(() => this.proofs.delete(connection));
    this.requests.delete(account.number);
    return { connection, advSecret };
  }

  private hello(client: CodeClient, code: Stanza): Stanza {
    const address = parseJid(code.attrs.jid);
    if (address?.server !== 's.whatsapp.net') throw new MalformedStanza('a pairing code for nobody');
    const wrappedEphemeral = requiredBytes(
      code,
      'link_code_pairing_wrapped_companion_ephemeral_pub',
      WRAPPED_EPHEMERAL_BYTES,
    );
    const number = address.user;
    this.refuseOnDemand(number, 'companion_hello');
    const [platformId, display] = ['companion_platform_id', 'companion_platform_display'].map((tag) =>
      textOf(child(code, tag)),
    );
    if (!isKnownClient(platformId, display)) throw new IqError('400', 'bad-request');
    if (!this.limit.take(number)) throw new IqError('429', 'rate-overlimit');
    const ref = randomBytes(16);
    this.requests.set(number, { client, wrappedEphemeral, ref, askedAt: this.context.clock.now() });
    this.context.events.emit('code-requested', { connection: client.connection.id, number });
    return stanza('link_code_companion_reg', { stage: 'companion_hello' }, [stanza('link_code_pairing_ref', {}, ref)]);
  }

  /** The client's notification queue stands still until this is answered. */
  private finish(client: CodeClient, code: Stanza): undefined {
    const bundle = requiredBytes(code, 'link_code_pairing_wrapped_key_bundle');
    const number = parseJid(code.attrs.jid)?.user ?? '';
    const proof = this.proofs.get(client.connection);
    try {
      this.refuseOnDemand(number, 'companion_finish');
      const ref = bytesOf(child(code, 'link_code_pairing_ref'));
      if (!proof || !ref?.equals(proof.ref)) throw new IqError('404', 'item-not-found');
    } catch (error) {
      proof?.fail(new SimulatorError('DEVICE_REFUSED', 'WhatsApp refused what the companion answered.'));
      throw error;
    }
    proof.proven(bundle);
  }

  private refuseOnDemand(number: string, stage: 'companion_hello' | 'companion_finish'): void {
    const refusal = takeFault(
      this.context.faultsFor(this.context.accounts.known(number)),
      (rules) => rules.codeRefusals,
      (rule) => rule.stage === stage,
    );
    if (refusal) throw new IqError(refusal.code, refusal.text ?? 'bad-request');
  }

  private primaryHello(account: Account, ref: Buffer, wrapped: Buffer): Stanza {
    const hello = stanza('link_code_companion_reg', { stage: 'primary_hello' }, [
      stanza('link_code_pairing_ref', {}, ref),
      stanza('primary_identity_pub', {}, account.keys.identity.public),
      stanza('link_code_pairing_wrapped_primary_ephemeral_pub', {}, wrapped),
    ]);
    const { clock } = this.context;
    const attrs = {
      from: SERVICE,
      type: 'link_code_companion_reg',
      id: this.context.nextId(),
      t: seconds(clock.now()),
    };
    return stanza('notification', attrs, [hello]);
  }
}

function gone(): SimulatorError {
  return new SimulatorError('DEVICE_REFUSED', 'The companion disconnected before it confirmed the pairing.');
}

function answer(request: Stanza, type: 'result' | 'error', content?: Stanza): Stanza {
  return stanza('iq', { from: SERVICE, type, id: request.attrs.id }, content && [content]);
}
