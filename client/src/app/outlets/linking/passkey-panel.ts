import { Clipboard } from '@angular/cdk/clipboard';
import { NgTemplateOutlet } from '@angular/common';
import { Component, computed, DestroyRef, effect, inject, input, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { PasskeyChange, PasskeyRequest } from '@koneksi/contracts/passkey';
import { ApiFault } from '../../core/api-fault';
import { Clock } from '../../core/clock';
import { FaultSentence } from '../../core/fault-sentence';
import { countdown } from '../../core/formats';
import { RealtimeSocket } from '../../core/realtime-socket';
import { Texts } from '../../core/texts';
import { Icon } from '../../ui/icon';
import { Notifier } from '../../ui/notifier';
import { PasskeyApi } from './passkey-api';

/**
 * Where WhatsApp links an account with its passkey alone: what it asks, to be answered elsewhere, and the answer, for as
 * long as it waits. For admins, in a dialog that watches the outlet's QR; what comes of it the dialog shows.
 */
@Component({
  selector: 'app-passkey-panel',
  imports: [Icon, MatButton, NgTemplateOutlet],
  templateUrl: './passkey-panel.html',
  styleUrl: './passkey-panel.css',
})
export class PasskeyPanel {
  readonly outletId = input.required<string>();
  readonly #api = inject(PasskeyApi);
  readonly #socket = inject(RealtimeSocket);
  readonly #clock = inject(Clock);
  readonly #texts = inject(Texts);
  readonly #sentence = inject(FaultSentence);
  readonly #clipboard = inject(Clipboard);
  readonly #notifier = inject(Notifier);
  protected readonly t = this.#texts.t;

  readonly #asked = signal<PasskeyRequest | null>(null);
  /** The code that was confirmed, while WhatsApp links. */
  readonly #confirmed = signal<string | null>(null);
  protected readonly loaded = signal(false);
  protected readonly busy = signal(false);
  protected readonly problem = signal<string | null>(null);
  /** What is asked right now: nothing once WhatsApp waits no longer. */
  protected readonly open = computed(() => {
    const asked = this.#asked();
    return asked && Date.parse(asked.expiresAt) > this.#clock.now() ? asked : null;
  });
  protected readonly options = computed(() => JSON.stringify(this.open()?.options ?? null));
  protected readonly left = computed(() => {
    const asked = this.open();
    return asked && countdown(Date.parse(asked.expiresAt) - this.#clock.now(), this.#texts.locale());
  });
  protected readonly code = computed(() => this.open()?.code ?? this.#confirmed());
  /** What a screen reader hears: each step once. */
  protected readonly spoken = computed(() => {
    const code = this.code();
    if (code) return `${this.t('passkey.code')}: ${code}`;
    return this.busy() ? this.t('passkey.checking') : '';
  });

  /** An answer that was overtaken by a later question says nothing. */
  #questions = 0;

  constructor() {
    const receive = ({ outletId }: PasskeyChange) => {
      if (outletId === this.outletId()) void this.#read();
    };
    this.#socket.on('outlet-passkey:changed', receive);
    inject(DestroyRef).onDestroy(() => {
      this.#questions++;
      this.#socket.off('outlet-passkey:changed', receive);
    });
    effect(() => {
      // What was pushed while the line was away is read anew.
      if (this.outletId() && this.#socket.connection() !== null) untracked(() => void this.#read());
    });
  }

  protected copy(): void {
    this.#notifier.tell(this.#clipboard.copy(this.options()) ? 'passkey.copied' : 'passkey.copyRefused');
  }

  protected async handIn(pasted: string): Promise<void> {
    let assertion: unknown;
    try {
      assertion = JSON.parse(pasted);
    } catch {
      this.problem.set(this.t('passkey.notJson'));
      return;
    }
    await this.#step(() => this.#api.handIn(this.outletId(), assertion));
  }

  protected async confirm(code: string): Promise<void> {
    this.#confirmed.set(code);
    await this.#step(() => this.#api.confirm(this.outletId(), code));
    this.#confirmed.set(null);
  }

  protected giveUp(): Promise<void> {
    return this.#step(() => this.#api.giveUp(this.outletId()));
  }

  async #step(work: () => Promise<unknown>): Promise<void> {
    this.busy.set(true);
    this.problem.set(null);
    try {
      await work();
    } catch (thrown) {
      const fault = ApiFault.of(thrown);
      this.problem.set(fault.code === 'VALIDATION_FAILED' ? this.t('passkey.notAnAnswer') : this.#sentence.of(fault));
    } finally {
      this.busy.set(false);
    }
    await this.#read();
  }

  async #read(): Promise<void> {
    const question = ++this.#questions;
    try {
      const asked = await this.#api.request(this.outletId());
      if (question === this.#questions) this.#asked.set(asked);
    } catch (thrown) {
      if (question !== this.#questions) return;
      const fault = ApiFault.of(thrown);
      if (fault.code === 'PASSKEY_NOT_ASKED') this.#asked.set(null);
      else this.problem.set(this.#sentence.of(fault));
    }
    this.loaded.set(true);
  }
}
