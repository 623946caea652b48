import { generateCertificateKeys, issueCredentials } from './certificates.js';
import type { Listener, SimulatorEvent } from './events.js';
import type { GlobalFaults } from './faults/faults.js';
import type { Phone } from './phone/phone.js';
import { CHAT_PATH, isLoopback, SimulatorServer } from './server.js';
import type { Phase } from './session/connection.js';
import { Service } from './session/service.js';
import { SimulatorError } from './simulator-error.js';

export type { Listener, SimulatorEvent, SimulatorEvents } from './events.js';
export type { Ending, EndingName } from './faults/endings.js';
export type { AckFault, ActiveFault, FaultDuration, Faults, FreezeKind, GlobalFaults, LoginRefusal } from './faults/faults.js';
export type { JunkKind } from './faults/junk.js';
export type { Addressing, LinkedDevice, Phone, ReceiptMode, ReceivedMessage, SentCopy } from './phone/phone.js';
export { SimulatorError, type SimulatorErrorCode } from './simulator-error.js';

export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Default 127.0.0.1. Anything that is not loopback is refused (REMOTE_REFUSED) without `allowRemote`. */
  host?: string;
  allowRemote?: boolean;
  /** How many refs a registering client gets to show as QR codes. Default 6. */
  qrRefs?: number;
  /** How long the first QR can be scanned, in milliseconds. Default 60,000: Baileys shows it `qrTimeout || 60 s`. */
  firstQrMs?: number;
  /** How much longer each further one can. Default 20,000. */
  nextQrMs?: number;
  /** Companions a phone may have at a time. Default 4, as on WhatsApp. */
  maxDevices?: number;
}

export interface ConnectionInfo {
  id: number;
  /** Null until a login names it. */
  number: string | null;
  device: number | null;
  phase: Phase;
  /** Half-open by a fault. */
  frozen: boolean;
  /** Milliseconds since the epoch. */
  openedAt: number;
}

export interface Simulator {
  /** For `waWebSocketUrl`, e.g. `ws://127.0.0.1:40123/ws/chat`. */
  readonly url: string;
  /** Public key of the certificate root, in hex: overwrite Baileys' `WA_CERT_DETAILS.PUBLIC_KEY` with it. */
  readonly rootKey: string;
  /** Base of the HTTP control API. */
  readonly controlUrl: string;
  readonly faults: GlobalFaults;
  /** The phone with this number (digits), made when there is none. A profile given later changes it. Throws NUMBER_INVALID. */
  phone(number: string, profile?: { name?: string; device?: string; platform?: 'android' | 'iphone'; business?: boolean }): Phone;
  phones(): Phone[];
  /** Takes a number off WhatsApp: lookups say so and nobody can write to it. `phone()` registers it again. */
  unregister(number: string): void;
  connections(): ConnectionInfo[];
  counters(): Record<string, number>;
  /** Returns how to stop listening. */
  on<E extends SimulatorEvent>(event: E, listener: Listener<E>): () => void;
  /** Ends all connections and stops listening. Can be called twice. */
  stop(): Promise<void>;
}

/** Starts a WhatsApp Web server. Rejects with REMOTE_REFUSED or PORT_UNAVAILABLE. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, allowRemote = false } = options;
  if (!allowRemote && !isLoopback(host))
    throw new SimulatorError('REMOTE_REFUSED', `"${host}" is not a loopback address; the simulator has no passwords, so it listens elsewhere only with allowRemote.`);

  const keys = generateCertificateKeys();
  let service: Service | undefined;
  const server = new SimulatorServer(host, port, () => ({
    refusal: () => {
      service?.counters.add('upgrades');
      const status = service ? service.faults.upgradeRefusals.take() : 503;
      if (status !== undefined) service?.counters.add('upgradesRefused');
      return status;
    },
    connected: (socket) => service?.accept(socket),
  }));
  const running = new Service(
    issueCredentials(keys, Date.now()),
    { qrRefs: options.qrRefs ?? 6, firstQrMs: options.firstQrMs ?? 60_000, nextQrMs: options.nextQrMs ?? 20_000, maxDevices: options.maxDevices ?? 4 },
    server,
    () => undefined,
    () => undefined,
  );
  service = running;
  await server.open();
  const authority = `${host.includes(':') ? `[${host}]` : host}:${server.port}`;

  return {
    url: `ws://${authority}${CHAT_PATH}`,
    rootKey: keys.root.public.toString('hex'),
    controlUrl: `http://${authority}/sim`,
    faults: running.faults,
    phone: (number, profile) => running.phone(running.accounts.create(number, profile)),
    phones: () => [...running.accounts.all()].map((account) => running.phone(account)),
    unregister: (number) => running.accounts.unregister(number),
    connections: () =>
      [...running.connections()].map((connection) => ({
        id: connection.id,
        number: connection.account?.number ?? null,
        device: connection.device ?? null,
        phase: connection.phase,
        frozen: connection.isFrozen,
        openedAt: connection.openedAt,
      })),
    counters: () => running.counters.snapshot(),
    on: (event, listener) => running.events.on(event, listener),
    stop: async () => {
      running.stop();
      await server.stop();
    },
  };
}
