import type { Socket } from 'socket.io';

interface Asking {
  readonly conn: Pick<Socket['conn'], 'once'>;
}

/**
 * Who lost the right to enter while sockets ask to, so that no handshake under way slips past. It is kept for each of
 * them, and no longer than it asks.
 */
export class Entering {
  private readonly lost = new Map<Asking, Set<string>>();

  /** How many are asking. */
  get size(): number {
    return this.lost.size;
  }

  /** Before anybody looks who it is. */
  begin(socket: Asking): void {
    this.lost.set(socket, new Set());
    socket.conn.once('close', () => this.end(socket));
  }

  /** From now on a caller, or a link, of this id is not to enter. */
  shutOut(id: string): void {
    for (const ids of this.lost.values()) ids.add(id);
  }

  isShutOut(socket: Asking, id: string): boolean {
    return this.lost.get(socket)?.has(id) ?? false;
  }

  /** It is in, or was refused. */
  end(socket: Asking): void {
    this.lost.delete(socket);
  }
}
