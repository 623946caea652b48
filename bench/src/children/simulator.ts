import { startSimulator, type EndingName, type Simulator } from '@koneksi/whatsapp-simulator';
import { now } from '../clock.ts';
import { serve } from './serve.ts';

let simulator: Simulator | undefined;
/** How many messages were answered with which error. */
const refused: Record<string, number> = {};

const running = (): Simulator => {
  if (!simulator) throw new Error('the simulator was not started');
  return simulator;
};

const methods = {
  async start(dataFile?: string) {
    simulator = await startSimulator(dataFile === undefined ? {} : { dataFile });
    simulator.on('message', ({ error }) => {
      if (error !== undefined) refused[error] = (refused[error] ?? 0) + 1;
    });
    const { url, rootKey } = simulator;
    return { url, rootKey };
  },
  /** When the phone began to scan. */
  async scan(number: string, qr: string, name = number): Promise<number> {
    const at = now();
    await running().phone(number, { name, platform: 'android' }).scan(qr);
    return at;
  },
  /** How many connections it ended. */
  end(number: string, ending: EndingName): number {
    return running().phone(number).faults.end(ending);
  },
  /** Cuts the lines of these numbers in one turn; when. */
  drop(numbers: string[]): number {
    const at = now();
    for (const number of numbers) running().phone(number).faults.end('drop');
    return at;
  },
  /** The next code asked for by this number is refused as one with a display WhatsApp does not know. */
  refuseNextCode(number: string): void {
    running().phone(number).faults.refuseCode({ stage: 'companion_hello', code: '400', times: 1 });
  },
  /** Pushes a lock on new chats that ends after `forMs`, or lifts it; when. */
  lock(number: string, forMs: number | null): number {
    const at = now();
    running()
      .phone(number)
      .pushNewChats({
        lockedUntil: forMs === null ? null : Math.ceil((Date.now() + forMs) / 1_000) * 1_000,
      });
    return at;
  },
  demandTokens(numbers: string[]): void {
    for (const number of numbers) running().phone(number).demandsTokens = true;
  },
  /** What each of these phones shares with the next companion. */
  share(numbers: string[], conversations: number, messages: number): void {
    for (const number of numbers) running().phone(number).history = { conversations, messages };
  },
  /** Of how many of these phones a companion has not fetched all that tells who somebody is; the oldest messages do not. */
  unreadHistories(numbers: string[]): number {
    const isRead = (number: string): boolean => {
      const files = running().phone(number).historyFiles;
      return files.length > 0 && files.every(({ syncType, downloads }) => syncType === 'FULL' || downloads > 0);
    };
    return numbers.filter((number) => !isRead(number)).length;
  },
  /** What its companions said of their presence, by type; the key of none is `null`. */
  presences(number: string): Record<string, number> {
    const said: Record<string, number> = {};
    for (const { type } of running().phone(number).presences) said[`${type}`] = (said[`${type}`] ?? 0) + 1;
    return said;
  },
  /** For how many messages the phone kept quiet because a companion was available. */
  silenced(number: string): number {
    return running().phone(number).notifications.silenced;
  },
  devices(number: string): number {
    return running().phone(number).devices.length;
  },
  /** Somebody writes. */
  async say(from: string, to: string, text: string): Promise<void> {
    await running().phone(from).send(to, text);
  },
  /** Lets time pass on this WhatsApp at once. Milliseconds. */
  advance(milliseconds: number): void {
    running().advance(milliseconds);
  },
  counters(): Record<string, number> {
    return running().counters();
  },
  /** Messages answered with an error so far, by its code. */
  refused(): Record<string, number> {
    return { ...refused };
  },
  controlUrl(): string {
    return running().controlUrl;
  },
  /** Puts numbers on WhatsApp. */
  register(numbers: string[]): void {
    for (const number of numbers) running().phone(number);
  },
  /** How many of these numbers' phones show so many messages. */
  showing(numbers: string[], times: number): number {
    return numbers.filter((number) => running().phone(number).inbox.length === times).length;
  },
  /** Sessions logged in right now. */
  online(): number {
    return running()
      .connections()
      .filter(({ phase, frozen }) => phase === 'online' && !frozen).length;
  },
  async stop(): Promise<void> {
    await simulator?.stop();
  },
};

export type SimulatorMethods = typeof methods;

serve(methods);
