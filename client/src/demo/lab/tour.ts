import { computed, effect, inject, Injector, Service, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { Router } from '@angular/router';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { StatusStore, type StatusRow } from '../../app/live-status/status-store';
import { ConnectOpener } from '../../app/outlets/linking/connect-opener';
import { LabApi } from './lab-api';

export type TourStep = 'look' | 'drift' | 'corrected' | 'unlink' | 'connect' | 'scan' | 'done' | 'failed';

/** How long people get to read a step that nothing else lengthens. */
const READING_MS = 6_000;
const GLANCE_MS = 3_500;
/** A step that takes longer did not happen. */
const LONGEST_MS = 40_000;

/** A minute that shows what Koneksi is for: a lie in the database found, and an outlet linked again. */
@Service()
export class Tour {
  readonly #store = inject(StatusStore);
  readonly #api = inject(LabApi);
  readonly #router = inject(Router);
  readonly #dialog = inject(MatDialog);
  readonly #connectOpener = inject(ConnectOpener);
  readonly #injector = inject(Injector);

  readonly #step = signal<TourStep | null>(null);
  readonly #outlet = signal<string | null>(null);
  /** `null` while no tour is on. */
  readonly step = this.#step.asReadonly();
  /** Which outlet the step is about. */
  readonly outletName = computed(() => {
    const id = this.#outlet();
    return id ? (this.#store.row(id)?.status.outlet.name ?? '') : '';
  });
  /** It needs an outlet that is well to begin with. */
  readonly possible = computed(() => this.#store.rows().some(({ status }) => status.healthy));
  #stop = new AbortController();

  async start(): Promise<void> {
    this.end();
    const { signal } = (this.#stop = new AbortController());
    try {
      await this.#guide(signal);
    } catch {
      if (!signal.aborted) this.#step.set('failed');
    }
  }

  end(): void {
    this.#stop.abort();
    this.#step.set(null);
  }

  async #guide(signal: AbortSignal): Promise<void> {
    const healthy = this.#store.rows().filter(({ status }) => status.healthy);
    const [first, second = first] = healthy;
    if (!first || !second) throw new Error('no outlet is healthy');
    await this.#router.navigate(['/outlet-status']);
    this.#step.set('look');
    await pause(READING_MS, signal);
    await this.#showDrift(first, signal);
    await this.#showReconnect(second, signal);
    this.#step.set('done');
  }

  async #showDrift({ id }: StatusRow, signal: AbortSignal): Promise<void> {
    this.#outlet.set(id);
    const { revision } = this.#store.row(id)!.status;
    await this.#api.drift(id);
    this.#step.set('drift');
    // The reconciler may find it before anyone has read what it is.
    const corrected = this.#until(id, (status) => status.healthy && status.revision > revision, signal);
    await Promise.all([corrected, pause(GLANCE_MS, signal)]);
    this.#step.set('corrected');
    await pause(READING_MS, signal);
  }

  async #showReconnect({ id }: StatusRow, signal: AbortSignal): Promise<void> {
    this.#outlet.set(id);
    await this.#api.act(id, 'unlink');
    this.#step.set('unlink');
    await this.#until(id, isUnlinked, signal);
    await pause(READING_MS, signal);
    this.#step.set('connect');
    await this.#connectOpener.open(id);
    await this.#until(id, ({ session }) => session.qrCode === 'Present', signal);
    await pause(READING_MS, signal);
    this.#step.set('scan');
    await this.#api.scan(id);
    await this.#until(id, ({ healthy }) => healthy, signal);
    await pause(GLANCE_MS, signal);
    this.#dialog.closeAll();
  }

  /** Waits for what is pushed. */
  #until(outletId: string, reached: (status: OutletStatus) => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = effect(
        () => {
          const status = this.#store.row(outletId)?.status;
          if (status && reached(status)) settle(resolve);
        },
        { injector: this.#injector },
      );
      const timer = setTimeout(() => settle(() => reject(new Error('it took too long'))), LONGEST_MS);
      const settle = (conclude: () => void) => {
        clearTimeout(timer);
        waiting.destroy();
        conclude();
      };
      signal.addEventListener('abort', () => settle(() => reject(new Error('the tour was ended'))));
    });
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new Error('the tour was ended'));
    });
  });
}

/** However soon after the link was made. */
const isUnlinked = ({ reason }: OutletStatus): boolean =>
  reason?.code === 'LOGGED_OUT' || reason?.code === 'REMOVED_BY_WHATSAPP';
