import { expect, test } from '@jest/globals';
import { EventBus } from '../common/event-bus.js';
import type { StatusDesk } from '../wa-session/desk/status-desk.js';
import { NO_SOCKET, type LiveProof } from '../wa-session/domain/live-proof.js';
import type { BlastMetrics } from './blast-metrics.js';
import { Metrics } from './metrics.js';

const proven: LiveProof = {
  status: 'CONNECTED',
  qrShown: false,
  name: 'Toko',
  inMemory: true,
  websocketOpen: true,
  userPresent: true,
  heard: true,
};

test('a session that only believes it is connected counts as connected, and not as proven', async () => {
  const proofs = [proven, { ...proven, heard: false }, { ...proven, websocketOpen: false }, NO_SOCKET];
  const figures = { driftFound: 5, stallsFound: 4, mailGivenUp: 2, historiesGivenUp: 6, unwritten: 3 };
  const reasons = () => ['NEVER_LINKED', 'DEGRADED', 'DEGRADED'];
  const desk = { proofs: () => proofs, reasons, figures } as unknown as StatusDesk;
  const metrics = new Metrics(desk, new EventBus(), { registerIn: () => undefined } as unknown as BlastMetrics);
  const lines = (await metrics.text()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'koneksi_sessions{status="CONNECTED"} 3',
      'koneksi_sessions{status="DISCONNECTED"} 1',
      'koneksi_sessions{status="PAUSED"} 0',
      'koneksi_session_reasons{reason="DEGRADED"} 2',
      'koneksi_session_reasons{reason="NEVER_LINKED"} 1',
      'koneksi_session_reasons{reason="PAIRING"} 0',
      'koneksi_sessions_proven 1',
      'koneksi_drift_found_total 5',
      'koneksi_inbound_stalls_total 4',
      'koneksi_inbound_given_up_total 2',
      'koneksi_histories_given_up_total 6',
      'koneksi_journal_pending 3',
    ]),
  );
});
