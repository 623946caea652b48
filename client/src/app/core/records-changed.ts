import { DestroyRef, effect, inject, untracked } from '@angular/core';
import type { RecordKind, RecordsChange } from '@koneksi/contracts/realtime';
import { gathered } from './gathered';
import { RealtimeSocket } from './realtime-socket';

/**
 * Reads again whenever somebody changed something of these kinds, for as long as whoever calls this is open.
 * @param read rejects where it could not be read; then it is tried again, and nobody is bothered
 */
export function whenRecordsChange(kinds: readonly RecordKind[], read: () => Promise<void>): void {
  const socket = inject(RealtimeSocket);
  const again = gathered(read);
  const told = ({ kind }: RecordsChange): void => {
    if (kinds.includes(kind)) again();
  };
  socket.on('records:changed', told);
  inject(DestroyRef).onDestroy(() => socket.off('records:changed', told));
  const first = untracked(socket.connection);
  effect(() => {
    // What was told while there was no connection was missed.
    if (![null, first].includes(socket.connection())) again();
  });
}
