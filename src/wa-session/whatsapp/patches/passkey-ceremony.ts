import { getBinaryNodeChild, S_WHATSAPP_NET, type BinaryNode, type WASocket } from '@whiskeysockets/baileys';
import { PasskeyOptions, type PasskeyAssertion } from '@koneksi/contracts/passkey';
import type { ConnectionEvent } from '../../domain/session-event.js';
import { exchange } from './exchange.js';
import type { LinkSecrets } from './link-secrets.js';
import { handoffProof, PasskeyKeys, readPrimary } from './passkey-keys.js';

/** Longer options are nothing a browser would be asked. */
const MOST_OPTIONS_BYTES = 16_384;
/** `item-not-found` and `gone`: WhatsApp does not wait for it any more. */
const FORGOTTEN: ReadonlySet<string | undefined> = new Set(['404', '410']);

type Told<T> = T extends unknown ? Omit<T, 'connection'> : never;
type PasskeyEvent = Told<Extract<ConnectionEvent, { type: `passkey-${string}` }>>;
type Refusal = Extract<PasskeyEvent, { type: 'passkey-refused' }>['code'];

/** WhatsApp, or the phone, did not go along. */
class Refused extends Error {
  constructor(readonly code: Refusal) {
    super(code);
  }
}

/** What WhatsApp asked for, and the secrets by one of which the phone had come that far. */
interface Demand {
  challenge: string;
  secrets: readonly string[];
}

/**
 * The companion's side of linking by a passkey. rc14 acknowledges the demand as it does any notification
 * (`Socket/messages-recv.js`) and does nothing about it, so the QR codes run out as if nobody had scanned
 * (WhiskeySockets/Baileys#2672). The protocol is that of tulir/whatsmeow `pair-passkey.go`: an assertion with a key we
 * commit ourselves to, then the phone's key, then what we are to be linked as under the key both agreed on. After that
 * `pair-success` follows as after any scan. Nothing of it is logged.
 */
export class PasskeyCeremony {
  /** Whether WhatsApp asked for a passkey on this connection. */
  isAsked = false;
  private demand: Demand | null = null;
  private keys: PasskeyKeys | null = null;
  private demands = 0;
  /** Counts what begins anew: of what was under way before, nothing is told any more. */
  private attempt = 0;

  constructor(
    private readonly socket: WASocket,
    private readonly links: LinkSecrets,
    private readonly tell: (event: PasskeyEvent) => void,
  ) {
    socket.ws.on('CB:notification,type:passkey_prologue_request', (node: BinaryNode) => void this.hear(node));
    socket.ws.on('CB:notification,type:crsc_continuation', (node: BinaryNode) => {
      void this.telling(() => this.goOn(node));
    });
  }

  /** Hands the assertion in; the phone then goes on, which is told by the code. */
  prove(assertion: PasskeyAssertion): Promise<void> {
    this.beginAnew();
    return this.telling(async (isCurrent) => {
      const secrets = this.demand?.secrets ?? [];
      // Which of them the phone knows is not told; WhatsApp refuses the proof by any other.
      for (const secret of secrets.slice(0, -1)) if (await this.isTaken(assertion, secret, isCurrent)) return;
      await this.handIn(assertion, secrets.at(-1), isCurrent);
    });
  }

  /** Asks to be linked, where that is the code both sides have now: WhatsApp's `pair-success` follows. */
  confirm(code: string): Promise<void> {
    return this.telling(async () => {
      const { keys } = this;
      const request = keys?.code === code ? keys.request(this.socket.authState.creds) : undefined;
      if (!keys || !request) throw new Refused('PASSKEY_REFUSED');
      // The phone signs the new device with it, and Baileys takes it from there.
      this.links.offer(keys.advSecret.toString('base64'));
      await this.ask('set', 'encrypted_pairing_request', request);
    });
  }

  private beginAnew(): void {
    this.attempt++;
    this.keys = null;
  }

  private async hear(node: BinaryNode): Promise<void> {
    if (node.attrs['from'] !== S_WHATSAPP_NET) return;
    this.isAsked = true;
    const secrets = this.links.shown;
    const number = ++this.demands;
    this.tell({ type: 'passkey-demanded' });
    // Some come without, and are asked for.
    const options = readOptions(node) ?? (await this.askOptions());
    // A later one is read already; or WhatsApp tells it again, as it does any notification, or nobody can read it: what
    // has begun goes on.
    if (number !== this.demands || (this.demand && (!options || options.challenge === this.demand.challenge))) return;
    this.beginAnew();
    this.demand = options && { challenge: options.challenge, secrets };
    this.tell({ type: 'passkey-asked', options });
  }

  private async askOptions(): Promise<PasskeyOptions | null> {
    try {
      return readOptions(await this.ask('get', 'passkey_request_options'));
    } catch {
      return null;
    }
  }

  private async isTaken(assertion: PasskeyAssertion, secret: string, isCurrent: () => boolean): Promise<boolean> {
    try {
      await this.handIn(assertion, secret, isCurrent);
      return true;
    } catch (error) {
      if (error instanceof Refused && error.code === 'PASSKEY_REFUSED') return false;
      throw error;
    }
  }

  private async handIn(
    assertion: PasskeyAssertion,
    secret: string | undefined,
    isCurrent: () => boolean,
  ): Promise<void> {
    if (secret === undefined) throw new Refused('PASSKEY_REFUSED');
    const ref = textIn(await this.ask('get', 'ref'), 'ref');
    if (!ref) throw new Refused('PASSKEY_REFUSED');
    if (!isCurrent()) return;
    const keys = (this.keys = new PasskeyKeys(ref));
    const prologue = keys.prologue();
    await this.ask('set', 'passkey_prologue', [
      part('credential_id', Buffer.from(assertion.rawId, 'base64url')),
      part('webauthn_assertion', Buffer.from(JSON.stringify(signedPartOf(assertion)))),
      part('prologue_payload', prologue),
      part('pairing_handoff_proof', handoffProof(secret, prologue)),
    ]);
  }

  private async goOn(node: BinaryNode): Promise<void> {
    const { keys } = this;
    // It was told already, or nobody has begun.
    if (node.attrs['from'] !== S_WHATSAPP_NET || !keys || keys.code !== null) return;
    const primary = readPrimary(bytesIn(node, 'primary_ephemeral_identity'));
    if (!primary) throw new Refused('PASSKEY_REFUSED');
    const code = keys.agree(primary);
    await this.ask('set', 'companion_nonce', keys.nonce);
    if (this.keys === keys) this.tell({ type: 'passkey-code', code });
  }

  /** @throws {Refused} */
  private async ask(type: 'get' | 'set', tag: string, content?: BinaryNode['content']): Promise<BinaryNode> {
    const id = this.socket.generateMessageTag();
    const attrs = { to: S_WHATSAPP_NET, type, id, xmlns: 'md' };
    const answer = await exchange(this.socket, { tag: 'iq', attrs, content: [part(tag, content)] });
    if (!answer) throw new Refused('PASSKEY_UNANSWERED');
    const error = getBinaryNodeChild(answer, 'error');
    if (answer.attrs['type'] !== 'error' && !error) return answer;
    throw new Refused(FORGOTTEN.has(error?.attrs['code']) ? 'PASSKEY_EXPIRED' : 'PASSKEY_REFUSED');
  }

  private async telling(step: (isCurrent: () => boolean) => Promise<void>): Promise<void> {
    const { attempt } = this;
    const isCurrent = (): boolean => attempt === this.attempt;
    try {
      await step(isCurrent);
    } catch (error) {
      // What is no answer of WhatsApp's is a connection that ended under it, or bytes that nobody can read.
      const code = error instanceof Refused ? error.code : 'PASSKEY_UNANSWERED';
      if (isCurrent()) this.tell({ type: 'passkey-refused', code });
    }
  }
}

function readOptions(node: BinaryNode): PasskeyOptions | null {
  const bytes = bytesIn(node, 'passkey_request_options');
  if (bytes.length > MOST_OPTIONS_BYTES) return null;
  try {
    return PasskeyOptions.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}

function bytesIn(node: BinaryNode, tag: string): Uint8Array {
  const content = getBinaryNodeChild(node, tag)?.content;
  if (typeof content === 'string') return Buffer.from(content);
  return content instanceof Uint8Array ? content : new Uint8Array();
}

const textIn = (node: BinaryNode, tag: string): string => Buffer.from(bytesIn(node, tag)).toString('utf8');

function part(tag: string, content?: BinaryNode['content']): BinaryNode {
  return { tag, attrs: {}, ...(content !== undefined && { content }) };
}

/** What browsers add beside it says nothing of the key. */
function signedPartOf({ id, rawId, type, response }: PasskeyAssertion): object {
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return { id, rawId, type, response: { clientDataJSON, authenticatorData, signature, userHandle } };
}
