import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import type { OutletStatus, Reason } from '@koneksi/contracts/outlet-status-schema';

interface Wanted {
  revision?: number;
  name?: string;
  number?: string;
  live?: OutletStatusName;
  database?: OutletStatusName;
  auto?: boolean;
  active?: boolean;
  reason?: ReasonCode;
  lastSeen?: string;
  city?: string;
  tags?: string[];
}

/** An outlet as the server would push it: healthy, but for what is wanted otherwise. */
export function anOutlet(id: string, wanted: Wanted = {}): OutletStatus {
  const live = wanted.live ?? 'CONNECTED';
  const database = wanted.database ?? live;
  const criteria = {
    databaseConnected: database === 'CONNECTED',
    liveConnected: live === 'CONNECTED',
    websocketOpen: live === 'CONNECTED',
    userPresent: live === 'CONNECTED',
    autoReconnect: wanted.auto ?? true,
  };
  const reason: Reason | null = wanted.reason
    ? { code: wanted.reason, message: 'dari server', action: 'dari server', params: {} }
    : null;
  return {
    outletId: id,
    outlet: {
      name: wanted.name ?? `Outlet ${id}`,
      whatsappNumber: wanted.number ?? '6281234567890',
      isActive: wanted.active ?? true,
      city: wanted.city ?? null,
      tags: wanted.tags ?? [],
    },
    session: {
      status: database,
      sessionName: null,
      connectedAt: null,
      lastSeen: wanted.lastSeen ?? null,
      qrCode: null,
      autoReconnect: criteria.autoReconnect,
      retryCount: 0,
    },
    liveStatus: { status: live, qrCode: null, name: null },
    healthy: Object.values(criteria).every(Boolean),
    criteria,
    revision: wanted.revision ?? 1,
    reason,
    nextRetryAt: null,
    limits: null,
    warnings: [],
    since: '2026-11-01T00:00:00.000Z',
  };
}
