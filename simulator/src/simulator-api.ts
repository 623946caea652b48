import type { Listener, SimulatorEvent } from './events.js';
import type { GlobalFaults } from './faults/faults.js';
import type { Phone } from './phone/phone.js';
import type { Phase } from './session/phase.js';

export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Default 127.0.0.1. Anything that is not loopback is refused (REMOTE_REFUSED) without `allowRemote`. */
  host?: string;
  allowRemote?: boolean;
  /**
   * Where accounts, devices, mail and the phones' keys and Signal sessions outlive the process. Read at the
   * start, written atomically soon after a change, at once after a pairing or unlinking, and at stop().
   */
  dataFile?: string;
  /** Whether the HTTP control API is served. Default true. */
  control?: boolean;
  /** How many refs a registering client gets to show as QR codes. Default 6. */
  qrRefs?: number;
  /** How long the first QR can be scanned, in milliseconds. Default 60,000: Baileys shows it `qrTimeout || 60 s`. */
  firstQrMs?: number;
  /** How much longer each further one can. Default 20,000. */
  nextQrMs?: number;
  /** How long a pairing code can be typed, in milliseconds. Default 180,000: about as long as WhatsApp takes codes. */
  codeMs?: number;
  /**
   * How many pairing codes may be asked for one number within an hour; more are answered 429. Default 7, as counted
   * in avoylenko/wwebjs-api#91.
   */
  codesPerHour?: number;
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
  phone(
    number: string,
    profile?: { name?: string; device?: string; platform?: 'android' | 'iphone'; business?: boolean },
  ): Phone;
  phones(): Phone[];
  /** Takes a number off WhatsApp: lookups say so and nobody can write to it. `phone()` registers it again. */
  unregister(number: string): void;
  connections(): ConnectionInfo[];
  /** The time on this WhatsApp: the host's, and as much ahead as it was advanced. Milliseconds since the epoch. */
  now(): number;
  /**
   * Lets time pass on this WhatsApp at once: what is due by then (expiries, unlinking of neglected companions) has
   * happened when it returns. Throws TIME_INVALID.
   */
  advance(milliseconds: number): void;
  counters(): Record<string, number>;
  /** Returns how to stop listening. */
  on<E extends SimulatorEvent>(event: E, listener: Listener<E>): () => void;
  /** Ends all connections and stops listening. Can be called twice. */
  stop(): Promise<void>;
}
