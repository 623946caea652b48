import type { Account } from './accounts/account.js';
import { generateCertificateKeys, issueCredentials } from './certificates.js';
import type { Clock } from './clock.js';
import { ControlApi } from './control-api.js';
import { CHAT_PATH, isLoopback, SimulatorServer } from './server.js';
import type { Connection } from './session/connection.js';
import { Service } from './session/service.js';
import type { ConnectionInfo, Simulator, SimulatorOptions } from './simulator-api.js';
import { SimulatorError } from './simulator-error.js';
import { DataFile, readDataFile } from './storage/data-file.js';

export type { Listener, SimulatorEvent, SimulatorEvents, UnlinkCause } from './events.js';
export type { Ending, EndingName, TemporaryBan } from './faults/endings.js';
export type {
  AckFault,
  CodeRefusal,
  LinkRefusal,
  ActiveFault,
  FaultDuration,
  Faults,
  FreezeKind,
  GlobalFaults,
  LoginRefusal,
  LoginThrottle,
  Removal,
} from './faults/faults.js';
export type { JunkKind } from './faults/junk.js';
export type {
  Addressing,
  HistoryFile,
  HistoryOptions,
  LinkedDevice,
  Phone,
  NewChatRules,
  Notifications,
  PresenceSeen,
  ReceiptMode,
  ReceivedFile,
  ReceivedMessage,
  SentCopy,
} from './phone/phone.js';
export type { ConnectionInfo, Simulator, SimulatorOptions } from './simulator-api.js';
export { SimulatorError, type SimulatorErrorCode } from './simulator-error.js';

/** Starts a WhatsApp Web server. Rejects with REMOTE_REFUSED, PORT_UNAVAILABLE or DATA_FILE_UNREADABLE. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, allowRemote = false, control = true, dataFile: path } = options;
  if (!allowRemote && !isLoopback(host))
    throw new SimulatorError(
      'REMOTE_REFUSED',
      `"${host}" is not a loopback address; the simulator has no passwords, so it listens elsewhere only with allowRemote.`,
    );

  const stored = path === undefined ? undefined : await readDataFile(path, () => Date.now());
  const certificateKeys = stored?.certificateKeys ?? generateCertificateKeys();
  const server = new SimulatorServer(host, port);
  const dataFile: DataFile | undefined =
    path === undefined ? undefined : new DataFile(path, certificateKeys, () => service.accounts.unregisteredNumbers);
  const service: Service = new Service(
    issueCredentials(certificateKeys, Date.now()),
    {
      qrRefs: options.qrRefs ?? 6,
      firstQrMs: options.firstQrMs ?? 60_000,
      nextQrMs: options.nextQrMs ?? 20_000,
      codeMs: options.codeMs ?? 180_000,
      codesPerHour: options.codesPerHour ?? 7,
      maxDevices: options.maxDevices ?? 4,
    },
    server,
    (account: Account) => dataFile?.changed(account),
    async () => dataFile?.flush(),
  );
  for (const account of stored?.accounts ?? []) {
    service.accounts.restore(account);
    dataFile?.include(account);
  }
  for (const number of stored?.unregistered ?? []) service.accounts.unregister(number);

  server.serve({
    refusal: () => service.refuseUpgrade(),
    connected: (socket, address, query) => service.accept(socket, address, query),
  });
  await server.open();
  const authority = `${host.includes(':') ? `[${host}]` : host}:${server.port}`;
  service.media.authority = authority;

  const simulator: Simulator = {
    url: `ws://${authority}${CHAT_PATH}`,
    rootKey: certificateKeys.root.public.toString('hex'),
    controlUrl: `http://${authority}/sim`,
    faults: service.faults,
    phone: (number, profile) => service.phone(service.accounts.create(number, profile)),
    phones: () => [...service.accounts.all()].map((account) => service.phone(account)),
    unregister: (number) => service.accounts.unregister(number),
    connections: () => [...service.connections()].map(connectionInfo),
    now: () => service.clock.now(),
    advance: (milliseconds) => advance(service.clock, milliseconds),
    counters: () => service.counters.snapshot(),
    on: (event, listener) => service.events.on(event, listener),
    stop: async () => {
      service.stop();
      await server.stop();
      await dataFile?.close();
    },
  };
  const controlApi = control ? new ControlApi(simulator, allowRemote) : null;
  server.answerHttp((request, response) => {
    if (service.media.answer(request, response)) return;
    if (controlApi) controlApi.listener(request, response);
    else response.writeHead(404).end();
  });
  return simulator;
}

function advance(clock: Clock, milliseconds: number): void {
  if (!Number.isFinite(milliseconds) || milliseconds < 0)
    throw new SimulatorError('TIME_INVALID', 'The clock goes forward by milliseconds, 0 or more.');
  clock.advance(milliseconds);
}

function connectionInfo(connection: Connection): ConnectionInfo {
  return {
    id: connection.id,
    number: connection.account?.number ?? null,
    device: connection.device ?? null,
    phase: connection.phase,
    frozen: connection.isFrozen,
    openedAt: connection.openedAt,
  };
}
