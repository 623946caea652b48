import { Component, computed, DestroyRef, inject, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { MatProgressSpinner } from '@angular/material/progress-spinner';
import type { ConnectRequest } from '@koneksi/contracts/outlets';
import { ApiFault } from '../../core/api-fault';
import { AuthStore } from '../../core/auth-store';
import { Clock } from '../../core/clock';
import { FaultSentence } from '../../core/fault-sentence';
import { countdown } from '../../core/formats';
import { Texts } from '../../core/texts';
import { helpsFirstElsewhere } from '../../live-status/next-step';
import { NameOrder } from '../../live-status/name-order';
import { reasonText } from '../../live-status/reason-text';
import { StatusFeed } from '../../live-status/status-feed';
import { StatusSign } from '../../live-status/status-sign';
import { StatusStore } from '../../live-status/status-store';
import { DemoPart } from '../../ui/demo-part';
import { Icon } from '../../ui/icon';
import { phoneText } from '../../ui/phone-text';
import { codeAgain, connectStage } from './connect-stage';
import { ConnectSteps } from './connect-steps';
import { nextUnlinked } from './next-unlinked';
import { OutletApi } from '../outlet-api';
import { PairingCode } from './pairing-code';
import { PasskeyPanel } from './passkey-panel';
import { QrCode } from '../../ui/qr-code';
import { QrWatch } from './qr-watch';

/** Such a page is most often the outlet's own phone, which cannot scan itself. */
const ON_A_PHONE = '(max-width: 699px) and (pointer: coarse)';
/** A request that the server took but never acted upon must not spin for ever. */
const NO_ANSWER_AFTER_MS = 20_000;

interface Attempt {
  method: ConnectRequest['method'];
  /** The outlet's revision when it was asked: a failure with this one is older than the attempt. */
  askedAt: number;
  startedAt: number;
}

/** Links one outlet. Closes with the id of the one to link next, where somebody goes on. */
@Component({
  selector: 'app-connect-dialog',
  imports: [
    ConnectSteps,
    DemoPart,
    Icon,
    MatButton,
    MatButtonToggleModule,
    MatDialogModule,
    MatIconButton,
    MatProgressSpinner,
    PairingCode,
    PasskeyPanel,
    QrCode,
    StatusSign,
  ],
  providers: [QrWatch],
  templateUrl: './connect-dialog.html',
  styleUrl: './connect-dialog.css',
})
export class ConnectDialog {
  protected readonly outletId = inject<string>(MAT_DIALOG_DATA);
  readonly #api = inject(OutletApi);
  readonly #store = inject(StatusStore);
  readonly #clock = inject(Clock);
  readonly #texts = inject(Texts);
  readonly #sentence = inject(FaultSentence);
  readonly #watch = inject(QrWatch);
  readonly #names = inject(NameOrder);
  readonly #managesOutlets = inject(AuthStore).managesOutlets;
  protected readonly t = this.#texts.t;
  protected readonly offline = computed(() => this.#feed.freshness() !== 'live');
  readonly #feed = inject(StatusFeed);

  /** Its last known state also once it is gone, so that the dialog can still name it. */
  readonly #lastKnown = this.#store.row(this.outletId)?.status;
  readonly #current = computed(() => this.#store.row(this.outletId)?.status);
  protected readonly gone = computed(() => this.#current() === undefined);
  protected readonly name = computed(() => (this.#current() ?? this.#lastKnown)?.outlet.name ?? '');
  protected readonly number = computed(() => {
    const status = this.#current() ?? this.#lastKnown;
    return status ? phoneText(status.outlet.whatsappNumber) : '';
  });
  protected readonly device = computed(() => this.#current()?.session.sessionName ?? this.#current()?.liveStatus.name);

  protected readonly onPhone = matchMedia(ON_A_PHONE).matches;
  readonly #attempt = signal<Attempt>({ method: this.onPhone ? 'pairing-code' : 'qr', askedAt: 0, startedAt: 0 });
  protected readonly method = computed(() => this.#attempt().method);
  /** Where something helps first that is not done here, nothing is asked for before somebody wants it. */
  readonly #isAsked = signal(!helpsFirstElsewhere(this.#current()?.reason ?? null));
  protected readonly fault = signal<ApiFault | null>(null);
  protected readonly faultSentence = computed(() => {
    const fault = this.fault();
    return fault && this.#sentence.of(fault);
  });

  readonly #pushedStage = computed(() => {
    const status = this.#current();
    return status ? connectStage(status, this.#attempt().askedAt) : 'waiting';
  });
  protected readonly unanswered = computed(
    () => this.#pushedStage() === 'waiting' && this.#clock.now() - this.#attempt().startedAt > NO_ANSWER_AFTER_MS,
  );
  protected readonly stage = computed(() => {
    const stage = this.#pushedStage();
    // What the outlet itself says tells more than that a request failed for it.
    if (stage === 'connected' || stage === 'linking' || stage === 'retrying') return stage;
    if (!this.#isAsked()) return 'failed';
    // Without a code the QR beside it links all the same.
    if (stage === 'scan' && this.codeRefused()) return stage;
    return this.fault() || this.unanswered() ? 'failed' : stage;
  });
  /** The lesson how to scan is of no use where something else helps. */
  protected readonly firstElsewhere = computed(
    () => this.stage() === 'failed' && !this.fault() && helpsFirstElsewhere(this.#current()?.reason ?? null),
  );
  /** What only an admin may try there. Staff are not asked to paste anything. */
  protected readonly byPasskey = computed(
    () => this.firstElsewhere() && this.#managesOutlets() && this.#current()?.reason?.code === 'PASSKEY_REQUIRED',
  );
  /** A closed link is mended by a scan; whether a ban is over, only WhatsApp can say. */
  protected readonly nextTry = computed(() => {
    const code = this.#current()?.reason?.code;
    if (!this.firstElsewhere()) return this.t('common.retry');
    if (code === 'BANNED' || code === 'RESTRICTED') return this.t('connect.checkAgain');
    return this.t(this.method() === 'qr' ? 'connect.showQr' : 'connect.showCode');
  });
  protected readonly explanation = computed(() => {
    const status = this.#current();
    return status?.reason ? reasonText(status.reason, this.#texts.locale(), status.nextRetryAt) : null;
  });

  /** How often it was tried, and when it is tried again. */
  protected readonly retries = computed(() => {
    const status = this.#current();
    if (!status?.nextRetryAt || status.session.retryCount === 0) return null;
    const time = countdown(Date.parse(status.nextRetryAt) - this.#clock.now(), this.#texts.locale());
    return this.t('connect.retryIn', { count: status.session.retryCount, time });
  });

  /** The code that a phone may scan right now: never one that ran out or that this page cannot know to be current. */
  protected readonly qr = computed(() => {
    const shown = this.#watch.shown();
    if (!shown?.qr || this.offline()) return null;
    return shown.expiresAt && Date.parse(shown.expiresAt) <= this.#clock.now() ? null : shown.qr;
  });
  protected readonly expiresIn = computed(() => {
    const expiresAt = this.qr() && this.#watch.shown()?.expiresAt;
    return expiresAt ? countdown(Date.parse(expiresAt) - this.#clock.now(), this.#texts.locale()) : null;
  });

  /** The code a phone may type right now, whoever asked for it. */
  protected readonly pairingCode = computed(() => {
    const { pairingCode, expiresAt } = this.#watch.code() ?? {};
    if (!pairingCode || !expiresAt || this.offline()) return null;
    return Date.parse(expiresAt) <= this.#clock.now() ? null : { text: pairingCode, expiresAt };
  });
  protected readonly codeExpiresIn = computed(() => {
    const code = this.pairingCode();
    return code && countdown(Date.parse(code.expiresAt) - this.#clock.now(), this.#texts.locale());
  });
  /** Why there is no code, and when to ask again. */
  protected readonly codeRefused = computed(() => {
    const refusal = this.#watch.code()?.refusal;
    if (this.method() === 'qr' || !refusal) return null;
    return { sentence: this.#sentence.of(new ApiFault(refusal.code)), again: this.#codeAgain(refusal) };
  });

  readonly #codeAgain = (refusal: Parameters<typeof codeAgain>[0]): string | null => {
    const again = codeAgain(refusal, this.#clock.now());
    if (again === 'perhaps') return this.t('connect.codeAgainPerhaps');
    return again === null ? null : this.t('connect.codeAgainIn', { time: countdown(again, this.#texts.locale()) });
  };

  /** Whoever links many goes on with the next that has no phone yet. */
  protected readonly next = computed(() =>
    this.stage() === 'connected' ? nextUnlinked(this.#names.rows(), this.outletId) : null,
  );

  /** What a screen reader hears: each stage once, never each tick or rotation. */
  protected readonly spoken = computed(() => {
    switch (this.stage()) {
      case 'waiting':
        return '';
      case 'scan':
        return this.codeRefused()?.sentence ?? this.t(this.method() === 'qr' ? 'connect.stepScan' : 'connect.stepCode');
      case 'linking':
        return this.t('connect.linking');
      case 'retrying':
        return this.explanation()?.message ?? this.t('connect.reconnecting');
      case 'connected':
        return this.t('connect.connectedPlain', { name: this.name() });
      case 'failed':
        return `${this.t(this.firstElsewhere() ? 'connect.helpFirst' : 'connect.failed')}. ${this.faultSentence() ?? this.explanation()?.message ?? ''}`;
    }
  });

  #closed = false;

  constructor() {
    this.#watch.follow(this.outletId);
    inject(DestroyRef).onDestroy(() => (this.#closed = true));
    if (this.#isAsked()) void this.ask(this.method());
  }

  protected async ask(method: ConnectRequest['method']): Promise<void> {
    const attempt = {
      method,
      askedAt: this.#current()?.revision ?? 0,
      startedAt: this.#clock.instant(),
    };
    this.#attempt.set(attempt);
    this.#isAsked.set(true);
    this.fault.set(null);
    try {
      // The code itself is pushed, to this page and to every other that watches.
      await this.#api.connect(this.outletId, { method });
    } catch (thrown) {
      if (this.#isCurrent(attempt)) this.fault.set(ApiFault.of(thrown));
    }
  }

  protected async resume(): Promise<void> {
    try {
      await this.#api.resume(this.outletId);
      await this.ask(this.method());
    } catch (thrown) {
      this.fault.set(ApiFault.of(thrown));
    }
  }

  /** Answers to a request that was given up must not overwrite its successor's. */
  #isCurrent(attempt: Attempt): boolean {
    return !this.#closed && this.#attempt() === attempt;
  }
}
