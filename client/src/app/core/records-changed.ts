import { DestroyRef, effect, inject, untracked } from '@angular/core';
import type { RecordKind, RecordsChange } from '@koneksi/contracts/realtime';
import { Meanwhile } from './meanwhile';
import { RealtimeSocket } from './realtime-socket';

/** Nobody needs to read more often, however much is changed. */
const READ_AGAIN_AFTER_MS = 300;

/** Reads again whenever somebody changed something of these kinds, for as long as whoever calls this is open. */
export function whenRecordsChange(kinds: readonly RecordKind[], read: () => Promise<void>): void {
  const socket = inject(RealtimeSocket);
  const meanwhile = new Meanwhile<never>(() => undefined);
  const again = (): void => meanwhile.readAgain(READ_AGAIN_AFTER_MS, () => void meanwhile.during(read));
  const told = ({ kind }: RecordsChange): void => {
    if (kinds.includes(kind)) again();
  };
  socket.on('records:changed', told);
  inject(DestroyRef).onDestroy(() => {
    socket.off('records:changed', told);
    meanwhile.readNoMore();
  });
  const first = untracked(socket.connection);
  effect(() => {
    // What was told while there was no connection was missed.
    if (![null, first].includes(socket.connection())) again();
  });
}
