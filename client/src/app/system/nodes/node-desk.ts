import { HttpClient } from '@angular/common/http';
import { DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
import type { ClusterNode, NodeList } from '@koneksi/contracts/nodes';
import { firstValueFrom } from 'rxjs';
import { Clock } from '../../core/clock';
import { untilRead } from '../../core/gathered';
import { Meanwhile } from '../../core/meanwhile';
import { RealtimeSocket } from '../../core/realtime-socket';
import { ToldList } from '../../core/told-list';

/** The servers that there are. The push says that there is something to read. */
@Service({ autoProvided: false })
export class NodeDesk extends ToldList<ClusterNode> {
  readonly #http = inject(HttpClient);
  readonly #clock = inject(Clock);
  readonly #meanwhile = new Meanwhile<never>(() => undefined);
  readonly #readAt = signal(0);
  /** When they were as the list has them, by this browser's clock. */
  readonly readAt = this.#readAt.asReadonly();

  constructor() {
    super();
    const socket = inject(RealtimeSocket);
    const changed = (): void => this.#meanwhile.readAgain(untilRead(), () => this.load());
    socket.on('nodes:changed', changed);
    inject(DestroyRef).onDestroy(() => {
      socket.off('nodes:changed', changed);
      this.#meanwhile.readNoMore();
    });
    effect(() => {
      // What was pushed while there was no connection was missed.
      if (socket.connection() !== null) untracked(() => void this.load());
    });
  }

  override load(): Promise<void> {
    return this.#meanwhile.during(() => super.load());
  }

  protected async ask(): Promise<readonly ClusterNode[]> {
    const { nodes } = await firstValueFrom(this.#http.get<NodeList>('/api/nodes'));
    this.#readAt.set(this.#clock.instant());
    return nodes;
  }

  async move(id: string, verb: 'drain' | 'undrain'): Promise<void> {
    this.put(await firstValueFrom(this.#http.post<ClusterNode>(`/api/nodes/${id}/${verb}`, {})));
  }
}
