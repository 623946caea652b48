import makeWASocket, {
  jidDecode,
  jidNormalizedUser,
  proto,
  WA_CERT_DETAILS,
  type AuthenticationCreds,
  type BinaryNode,
  type ConnectionState,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
  type WASocket,
} from '@whiskeysockets/baileys';
import type { Logger } from '@nestjs/common';
import type { PasskeyAssertion } from '@koneksi/contracts/passkey';
import type { Clock } from '../../common/clock.js';
import { DeadlinePassed, withDeadline } from '../../common/deadline.js';
import { classifyEnding } from '../domain/close-cause.js';
import type { ConnectionEvent } from '../domain/session-event.js';
import type { Messenger } from '../messenger.js';
import type { Learned } from '../number-book.js';
import { Answers, type MessageAnswer, type ReceiptSeen } from './answers.js';
import { baileysLog } from './baileys-log.js';
import { BaileysMessenger } from './baileys-messenger.js';
import { atKeyRead, isSending } from './patches/before-the-wire.js';
import { announceUpdate } from './connection-update-channel.js';
import { unlinkConfirmed } from './patches/confirmed-unlink.js';
import { undoFailedTrials } from './patches/failed-trials.js';
import { guardFrames } from './patches/frame-guard.js';
import { Inbound } from './inbound.js';
import type { InboundText } from './inbound-text.js';
import { makeIsolatedRepository } from './patches/isolated-repository.js';
import { KeepAlive, NEVER_MS } from './patches/keep-alive.js';
import { leanCache } from './patches/lean-cache.js';
import { mediaAgent } from './media-agent.js';
import { LeanHistory, makePlaces, type Past } from './patches/lean-history.js';
import { LinkSecrets } from './patches/link-secrets.js';
import { NewChatNews } from './new-chat-news.js';
import { withIssued } from './patches/issued-tokens.js';
import { verifyNatively } from './patches/native-verify.js';
import { codeEvent, requestPairingCode } from './patches/pairing-code.js';
import { PasskeyCeremony } from './patches/passkey-ceremony.js';
import { guardPresence, PresenceAtFrame } from './patches/presence-guard.js';
import { PrivacyTokens } from './privacy-tokens.js';
import { printable } from './printable.js';
import { endPromptly, webSocketOf } from './patches/prompt-end.js';
import { silenceSignalConsole } from './patches/quiet-console.js';
import { rawEnding } from './raw-ending.js';
import type { SessionAuth } from './session-auth.js';
import { endRefusedUpgrade } from './patches/refused-upgrade.js';
import { followSalt } from './patches/salt-by-app-state.js';
import { addSpareRefs, refsEnded } from './patches/spare-refs.js';
import { followTypedCode } from './patches/typed-code.js';
import { WaitingHistories } from './waiting-histories.js';
import type { WaVersion } from './wa-version.js';

/** WhatsApp shows the first QR for a minute and each following one for 20 seconds (rc14's timing). */
const FIRST_QR_MS = 60_000;
const NEXT_QR_MS = 20_000;
/** A query WhatsApp does not answer; Baileys' own 60 s would hold a dead socket's memory that long. */
const QUERY_TIMEOUT_MS = 20_000;
const UNLINK_WITHIN_MS = 10_000;

/** What WhatsApp calls the phone behind a link, for accounts without a business name. */
const PHONES: Record<string, string> = {
  android: 'Android',
  iphone: 'iPhone',
  smba: 'Android (Business)',
  smbi: 'iPhone (Business)',
};

const sharedRetryCounters = leanCache(20_000);
const sharedCallOffers = leanCache(2_000);
const sharedPlaceholders = leanCache(2_000);

const sharedPlaces = makePlaces();

/** By the account, which outlives its connections in this process. */
const sharedReadings = new WeakMap<AuthenticationCreds, Map<string, Promise<Past>>>();

function readingsOf(creds: AuthenticationCreds): Map<string, Promise<Past>> {
  const readings = sharedReadings.get(creds) ?? new Map<string, Promise<Past>>();
  sharedReadings.set(creds, readings);
  return readings;
}

export interface ConnectionOptions {
  outletId: string;
  number: number;
  auth: Pick<SessionAuth, 'id' | 'creds' | 'keys' | 'saveCreds'>;
  webSocketUrl: string;
  keepAliveMs: number;
  version: WaVersion;
  /** Whether mail of groups is wanted. */
  groups: boolean;
  /** Ids of what held up all mail of this session before; it is acknowledged unread. */
  setAside: ReadonlySet<string>;
  clock: Clock;
  logger: Logger;
  emit: (event: ConnectionEvent) => void;
  /** The first frame: WhatsApp shook hands. */
  onGreeted: () => void;
  /** Settles when what follows from the text is recorded. */
  onText: (inbound: InboundText) => Promise<unknown>;
  /** The number behind a name, as any outlet learned it. */
  findNumber: (alias: string) => Promise<string | null>;
  /** Settles once it is kept which number is behind a name. */
  onLearned: (learned: readonly Learned[]) => Promise<unknown>;
  onLateAnswer: (messageId: string, answer: MessageAnswer) => void;
  /** Settles when what the receipt says is recorded. */
  onReceipt: (receipt: ReceiptSeen) => Promise<unknown>;
  /** So many parts of the history are tried no more. */
  onHistoriesGivenUp: (count: number) => void;
  /** What was sent under this id, for a phone that could not read it; `null` where nobody knows. */
  findSent: (messageId: string) => Promise<Uint8Array | null>;
}

/** Trusts another certificate root than WhatsApp's, for a simulator. The key is shared by all sockets of the process. */
export function trustRoot(publicKey: Buffer): void {
  WA_CERT_DETAILS.PUBLIC_KEY.set(publicKey);
}

/** One Baileys socket from birth to close. It never reconnects; what it sees it tells by its number. */
export class BaileysConnection {
  private readonly socket: WASocket;
  private readonly answersToMessages: Answers;
  private readonly inbound: Inbound;
  private readonly tokens: PrivacyTokens;
  private readonly history: LeanHistory;
  private readonly newChats: NewChatNews;
  private readonly passkey: PasskeyCeremony;
  private readonly presence = new PresenceAtFrame();
  private readonly keepAlive: KeepAlive;
  readonly messenger: Messenger;
  private qrsOffered = 0;
  private qrsShown = 0;
  private over = false;
  private unlinking = false;
  /** When WhatsApp last said anything that decrypted. Milliseconds; `null` before the first frame. */
  lastInboundAt: number | null = null;

  /** Which connection of its session this is. */
  get number(): number {
    return this.options.number;
  }

  constructor(private readonly options: ConnectionOptions) {
    silenceSignalConsole();
    verifyNatively();
    undoFailedTrials();
    this.socket = makeWASocket({
      auth: { creds: options.auth.creds, keys: this.forBaileys(options.auth.keys) },
      waWebSocketUrl: options.webSocketUrl,
      keepAliveIntervalMs: NEVER_MS,
      fetchAgent: mediaAgent(options.webSocketUrl),
      version: options.version.current,
      browser: ['Koneksi', 'Chrome', '1.0'],
      logger: this.presence.watching(baileysLog(options.logger)),
      defaultQueryTimeoutMs: QUERY_TIMEOUT_MS,
      // An "online" companion would keep the outlet's phone from ringing.
      markOnlineOnConnect: false,
      syncFullHistory: false,
      generateHighQualityLinkPreview: false,
      enableRecentMessageCache: false,
      getMessage: async ({ id }) => {
        const sent = id ? await options.findSent(id) : null;
        // An empty message instead of none would reach the phone as a blank bubble.
        return sent ? proto.Message.decode(sent) : undefined;
      },
      msgRetryCounterCache: sharedRetryCounters,
      callOfferCache: sharedCallOffers,
      placeholderResendCache: sharedPlaceholders,
      userDevicesCache: leanCache(5_000),
      transactionOpts: { maxCommitRetries: 3, delayBetweenTriesMs: 200 },
      makeSignalRepository: makeIsolatedRepository((...tried) => this.inbound.tried(...tried)),
    });
    const { ws, ev } = this.socket;
    guardPresence(ev, options.auth.creds);
    this.presence.install(ws);
    this.answersToMessages = new Answers(ws, options);
    this.tokens = new PrivacyTokens(this.socket, this.watched(options.auth.keys), () => options.clock.wall());
    this.messenger = new BaileysMessenger(this.socket, this.answersToMessages, this.tokens, (learned) =>
      options.onLearned(learned),
    );
    this.history = this.readsHistory();
    this.inbound = new Inbound(this.socket, {
      ...options,
      creds: options.auth.creds,
      history: this.history,
      now: () => options.clock.now(),
      wall: () => options.clock.wall(),
      notAskedFor: (id) => void sharedPlaceholders.set(id, true),
      onPhoneSeen: (at) => this.tell({ type: 'phone-seen', at }),
      onUnrecorded: () => this.storeFailed(),
    });
    followSalt(ws, (salt) => void this.tokens.takeSalt(salt).catch(() => options.logger.debug('A salt was not kept')));
    guardFrames(ws, (error) => this.fail(error));
    ws.on('frame', () => {
      if (this.lastInboundAt === null) options.onGreeted();
      this.lastInboundAt = options.clock.now();
    });
    this.keepAlive = new KeepAlive(ws, {
      everyMs: options.keepAliveMs,
      // Any frame is a sign of life: rc14's `query` would hold a timer and two stack traces for an answer nobody awaits.
      ping: () => this.socket.sendNode(pingOf(this.socket.generateMessageTag())),
      onSilence: (error) => this.fail(error),
    });
    endRefusedUpgrade(ws, (error) => this.fail(error));
    ws.prependListener('CB:iq,type:set,pair-device', (stanza: BinaryNode) => {
      this.qrsOffered = addSpareRefs(stanza);
    });
    const secrets = new LinkSecrets(options.auth.creds);
    followTypedCode(this.socket, secrets, () => this.tell(codeEvent({ kind: 'refused' })));
    this.passkey = new PasskeyCeremony(this.socket, secrets, (event) => this.tell(event));
    ev.on('creds.update', () => {
      options.auth.saveCreds().catch(() => this.storeFailed());
    });
    ev.on('connection.update', (update) => this.onUpdate(update));
    this.newChats = new NewChatNews(this.socket, {
      wall: () => options.clock.wall(),
      tell: (word) => this.tell({ type: 'new-chats', word }),
    });
  }

  /** A session whose keys cannot be read or kept goes deaf without a word, so it is ended and opened anew. */
  private watched(keys: SignalKeyStore): SignalKeyStore {
    const watch = async <T>(call: () => T | Promise<T>): Promise<T> => {
      // What waits in Baileys would be read with keys the next connection needs: WhatsApp sends it again, unanswered.
      if (this.over) throw new Error('This connection has ended');
      try {
        return await call();
      } catch (error) {
        this.storeFailed();
        throw error;
      }
    };
    const get: SignalKeyStore['get'] = (kind, ids) => watch(async () => keys.get(kind, ids));
    const set: SignalKeyStore['set'] = (data) =>
      watch(async () => {
        // Before Baileys knows it, for it tells each only once.
        const learned = learnedIn(data['lid-mapping']);
        if (learned.length > 0) await this.options.onLearned(learned);
        await keys.set(data);
      });
    return { get, set };
  }

  /** As Baileys reads them while it sends; what we read ourselves in the middle of that is what is there. */
  private forBaileys(keys: SignalKeyStore): SignalKeyStore {
    const watched = this.watched(keys);
    const get: SignalKeyStore['get'] = async (kind, ids) => {
      await atKeyRead(kind);
      const found = await watched.get(kind, ids);
      if (kind !== 'tctoken' || !isSending()) return found;
      return withIssued(found as Record<string, SignalDataTypeMap['tctoken']>, ids, this.options.clock.wall()) as never;
    };
    return { ...watched, get };
  }

  /**
   * Not a word more to WhatsApp: Baileys would refuse the message it could not read, and WhatsApp would forget it.
   * Unanswered, it comes again.
   */
  private storeFailed(): void {
    this.tell({ type: 'store-failed' });
    this.silence();
    webSocketOf(this.socket)?.terminate();
  }

  get websocketOpen(): boolean {
    return !this.over && this.socket.ws.isOpen;
  }

  get userPresent(): boolean {
    return Boolean(this.socket.user?.id);
  }

  /** A round trip to WhatsApp; whether it answered in time. Milliseconds. */
  async answers(withinMs: number): Promise<boolean> {
    if (!this.websocketOpen) return false;
    try {
      const ping = pingOf(this.socket.generateMessageTag());
      await withDeadline(this.socket.query(ping, withinMs), withinMs, 'ping');
      return true;
    } catch {
      return false;
    }
  }

  /** Asks for the eight characters a person types on the phone of `number`. */
  async requestCode(number: string): Promise<void> {
    try {
      this.tell(codeEvent(await requestPairingCode(this.socket, number)));
    } catch (error) {
      this.fail(error);
    }
  }

  /** Hands in a passkey's word on what WhatsApp asked; what comes of it is told. */
  async provePasskey(assertion: PasskeyAssertion): Promise<void> {
    await this.passkey.prove(assertion);
  }

  /** Asks to be linked under the key that was agreed on by this code; what comes of it is told. */
  async confirmPasskey(code: string): Promise<void> {
    await this.passkey.confirm(code);
  }

  /** Removes this device at WhatsApp; whether WhatsApp confirmed. */
  async unlink(): Promise<boolean> {
    const jid = this.socket.user?.id;
    if (!jid || !this.websocketOpen) return false;
    this.unlinking = true;
    try {
      await unlinkConfirmed(this.socket, jid, UNLINK_WITHIN_MS);
      return true;
    } catch (error) {
      if (!(error instanceof DeadlinePassed)) this.options.logger.debug('WhatsApp did not confirm the unlink');
      return false;
    }
  }

  /** Ends the socket and says nothing more; resolves when its TCP connection is gone. */
  async close(): Promise<void> {
    this.silence();
    await endPromptly(this.socket, undefined);
  }

  private fail(error: unknown): void {
    void endPromptly(this.socket, error instanceof Error ? error : new Error(String(error)));
  }

  private readsHistory(): LeanHistory {
    const { auth, clock, logger } = this.options;
    return new LeanHistory({
      own: () => auth.creds,
      waiting: new WaitingHistories(this.watched(auth.keys), () => clock.wall(), this.options.onHistoriesGivenUp),
      onMappings: (pairs) => this.socket.signalRepository.lidMapping.storeLIDPNMappings(pairs),
      onConversations: (conversations) => this.tokens.keepPast(conversations),
      onSalt: (salt) => this.tokens.keepPastSalt(salt),
      readings: readingsOf(auth.creds),
      places: sharedPlaces,
      isOver: () => this.over,
      complain: () => logger.debug('A part of the history could not be read'),
    });
  }

  /** For how long nothing of what WhatsApp handed over was processed. Milliseconds. */
  get stalledMs(): number {
    return this.over ? 0 : this.inbound.canary.stalledMs;
  }

  /** What is not processed and has others wait behind it, by its id. */
  get stalledBy(): string[] {
    return this.inbound.canary.heads;
  }

  /**
   * Asks what WhatsApp allows; each answer is told as what it pushes is.
   * @throws where one was not answered
   */
  async askNewChats(): Promise<void> {
    await this.newChats.ask();
  }

  /** Says whether someone sits at this companion; while someone does, the phone keeps quiet. */
  async sayPresence(type: 'available' | 'unavailable'): Promise<void> {
    const name = this.options.auth.creds.me?.name?.replace(/@/g, '');
    const stanza: BinaryNode = { tag: 'presence', attrs: { ...(name && { name }), type } };
    await this.presence.say(() => this.socket.sendNode(stanza));
  }

  /**
   * Asks the phone for a key that we have, which only it can answer (mautrix/whatsapp, `pkg/connector/phoneping.go`).
   * Nobody sees anything of it.
   */
  async askPhone(): Promise<void> {
    const { me, myAppStateKeyId } = this.options.auth.creds;
    if (!me) return;
    const keyIds = myAppStateKeyId ? [{ keyId: Buffer.from(myAppStateKeyId, 'base64') }] : [];
    const type = proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_REQUEST;
    const request = { protocolMessage: { type, appStateSyncKeyRequest: { keyIds } } };
    await this.socket.relayMessage(jidNormalizedUser(me.id), request, {
      additionalAttributes: { category: 'peer', push_priority: 'high_force' },
      additionalNodes: [{ tag: 'meta', attrs: { appdata: 'default' } }],
    });
  }

  private onUpdate(update: Partial<ConnectionState>): void {
    if (update.qr && this.qrsShown >= this.qrsOffered) {
      if (!this.passkey.isAsked) this.fail(refsEnded());
    } else if (update.qr) {
      announceUpdate(this.options.outletId, 'qr');
      this.tell({ type: 'qr', text: update.qr, ...this.qrTimes() });
    }
    if (update.isNewLogin) {
      announceUpdate(this.options.outletId, 'paired');
      this.tell({ type: 'paired', link: this.options.auth.id, ...this.identity() });
    }
    if (update.connection === 'open') {
      announceUpdate(this.options.outletId, 'open');
      this.tell({ type: 'opened', ...this.identity() });
      this.sayPresence('unavailable').catch(() => this.options.logger.debug('WhatsApp was not told of our absence'));
      this.history.resume().catch(() => this.options.logger.debug('What is left of a history was not read'));
      this.askNewChats().catch(() => this.options.logger.debug('WhatsApp did not say what it allows'));
    }
    if (update.connection === 'close') {
      announceUpdate(this.options.outletId, 'close');
      const ending = rawEnding(update.lastDisconnect?.error);
      const cause = classifyEnding(ending);
      const worthALine =
        !this.over && !this.unlinking && cause.kind !== 'restart' && ending.message.startsWith('Stream Errored');
      if (worthALine) this.options.logger.error(`[Baileys Error] ${ending.message}`);
      this.tell({ type: 'closed', cause });
      this.silence();
    }
  }

  /** How long the QR that came just now is shown, and how long the connection goes on showing them. Milliseconds. */
  private qrTimes(): { lifetimeMs: number; roundMs: number } {
    const lifetimeMs = this.qrsShown++ === 0 ? FIRST_QR_MS : NEXT_QR_MS;
    return { lifetimeMs, roundMs: lifetimeMs + NEXT_QR_MS * Math.max(0, this.qrsOffered - this.qrsShown) };
  }

  /** Tells nothing more and touches no key any more. */
  private silence(): void {
    this.over = true;
    this.keepAlive.end();
    this.answersToMessages.end();
  }

  private identity(): { number: string; name: string | null } {
    const { me, platform } = this.options.auth.creds;
    const device = platform && (PHONES[platform] ?? platform);
    return { number: jidDecode(me?.id)?.user ?? '', name: printable(me?.name ?? device ?? '') || null };
  }

  private tell(event: DistributiveOmit<ConnectionEvent, 'connection'>): void {
    if (!this.over) this.options.emit({ ...event, connection: this.options.number });
  }
}

/** What WhatsApp Web asks for a sign of life. */
function pingOf(id: string): BinaryNode {
  const attrs = { id, to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p' };
  return { tag: 'iq', attrs, content: [{ tag: 'ping', attrs: {} }] };
}

/** Baileys keeps each mapping in both directions; one of them tells all. */
function learnedIn(mappings: SignalDataSet['lid-mapping']): Learned[] {
  const REVERSE = '_reverse';
  return Object.entries(mappings ?? {}).flatMap(([key, number]) =>
    key.endsWith(REVERSE) && typeof number === 'string'
      ? [{ alias: `${key.slice(0, -REVERSE.length)}@lid`, number }]
      : [],
  );
}

type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never;
