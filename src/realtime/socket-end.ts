import type { Socket } from 'socket.io';
import type { Clock } from '../common/clock.js';

/** A token ends by the wall, which may be set or go on while the machine sleeps. */
const LOOK_EVERY_MS = 5_000;

/** Cuts a socket when what let it in ends. */
export function cutAt(socket: Socket, expiresAt: Date, clock: Clock): void {
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const left = expiresAt.getTime() - clock.wall();
    if (left <= 0) return void socket.disconnect(true);
    timer = setTimeout(look, Math.min(LOOK_EVERY_MS, left));
  };
  look();
  socket.once('disconnect', () => clearTimeout(timer));
}

/** Whoever left would be counted no more and keep the connection. */
export function hangUpAfter(socket: Socket): void {
  socket.once('disconnect', () => socket.conn.close());
}
