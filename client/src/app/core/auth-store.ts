import { HttpClient, HttpContext, HttpContextToken } from '@angular/common/http';
import { computed, inject, Service, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { LoginAnswer, LoginRequest } from '@koneksi/contracts/auth';
import type { CompleteLogin, SecondStep } from '@koneksi/contracts/second-factor';
import { SESSION_MARKER } from '@koneksi/contracts/session-marker';
import type { User } from '@koneksi/contracts/users';
import { firstValueFrom } from 'rxjs';
import { ApiFault } from './api-fault';

/** `refused`: there is no session any more. `unreachable`: no one could tell. */
export type Renewal = 'renewed' | 'refused' | 'unreachable';

/** Why somebody who was signed in is so no more, not having said so here. */
export type SessionEnd = 'refused' | 'elsewhere';

/** Set on the requests that make or end a session: a 401 there is an answer, not a token that ran out. */
export const MAKES_SESSION = new HttpContextToken(() => false);
const makesSession = { context: new HttpContext().set(MAKES_SESSION, true) };

/** Who is signed in. The access token lives in memory only; the cookie behind `renew` outlives the page. */
@Service()
export class AuthStore {
  readonly #http = inject(HttpClient);
  readonly #router = inject(Router);
  readonly #session = signal<LoginAnswer | null>(null);
  readonly #otherTabs = new BroadcastChannel('koneksi-session');
  #renewal: Promise<Renewal> | null = null;
  /** There is no session to bring back: known, so that no page asks again. */
  #signedOut = false;
  #isLeaving = false;

  readonly #ended = signal<SessionEnd | null>(null);
  readonly ended = this.#ended.asReadonly();

  readonly token = computed(() => this.#session()?.accessToken ?? null);
  readonly user = computed(() => this.#session()?.user ?? null);
  readonly userId = computed(() => this.user()?.id ?? null);
  /** May add, edit, delete and unlink outlets. */
  readonly managesOutlets = computed(() => ['ADMIN', 'SUPERADMIN'].includes(this.user()?.role ?? ''));
  readonly managesUsers = computed(() => this.user()?.role === 'SUPERADMIN');

  constructor() {
    this.#otherTabs.onmessage = () => {
      this.#end('elsewhere');
      // The server shows this tab out before the other one can say that it was meant.
      if (this.#ended()) this.#ended.set('elsewhere');
    };
  }

  /** `null` once signed in; otherwise what the code of their app is still to be sent with. */
  async login(request: LoginRequest): Promise<SecondStep | null> {
    const answer = await this.#post<LoginAnswer | SecondStep>('/api/auth/login', request);
    if ('secondFactor' in answer) return answer;
    this.#begin(answer);
    return null;
  }

  async completeLogin(request: CompleteLogin): Promise<void> {
    this.#begin(await this.#post('/api/auth/login/second-factor', request));
  }

  /** What the person changed about themselves, shown before the next sign-in says so too. */
  amend(changes: Partial<User>): void {
    this.#session.update((session) => session && { ...session, user: { ...session.user, ...changes } });
  }

  async logout(): Promise<void> {
    // The server may show this tab out before it answers; who meant it needs no word.
    this.#isLeaving = true;
    // Whoever logs out is out here, whether or not the server could be told.
    await firstValueFrom(this.#http.post('/api/auth/logout', {}, makesSession)).catch(() => undefined);
    this.#otherTabs.postMessage('ended');
    this.#forget();
    this.#isLeaving = false;
    await this.#router.navigate(['/login']);
  }

  /** Brings back the session that a reload dropped from memory. */
  async restore(): Promise<Renewal> {
    if (this.#session()) return 'renewed';
    if (this.#signedOut) return 'refused';
    const hadSession = mayHaveSession();
    const renewal = await this.#singleRenewal();
    this.#signedOut = renewal === 'refused';
    if (this.#signedOut && hadSession) this.#ended.set('refused');
    return renewal;
  }

  /** A new token for the one that was refused; the log-in page if there is none to be had. */
  async renew(refused: string | null): Promise<Renewal> {
    // Someone else already renewed while the refused request was under way.
    if (this.token() && this.token() !== refused) return 'renewed';
    const renewal = await this.#singleRenewal();
    if (renewal === 'refused') this.#end('refused');
    return renewal;
  }

  #singleRenewal(): Promise<Renewal> {
    this.#renewal ??= oneTabAtATime(() => this.#askForToken()).finally(() => (this.#renewal = null));
    return this.#renewal;
  }

  async #askForToken(): Promise<Renewal> {
    if (!mayHaveSession()) return 'refused';
    try {
      this.#session.set(await this.#post('/api/auth/refresh', {}));
      return 'renewed';
    } catch (thrown) {
      return ApiFault.of(thrown).code === 'UNAUTHENTICATED' ? 'refused' : 'unreachable';
    }
  }

  #begin(session: LoginAnswer): void {
    this.#session.set(session);
    this.#ended.set(null);
  }

  #post<Answer = LoginAnswer>(route: string, body: object): Promise<Answer> {
    return firstValueFrom(this.#http.post<Answer>(route, body, makesSession));
  }

  #end(why: SessionEnd): void {
    if (!this.#session() || this.#isLeaving) return;
    this.#forget();
    this.#ended.set(why);
    void this.#router.navigate(['/login'], { queryParams: { returnUrl: this.#router.url } });
  }

  #forget(): void {
    this.#session.set(null);
    this.#signedOut = true;
  }
}

/** By the marker the server sets beside the cookie that only it can read: a first visit asks for nothing. */
export function mayHaveSession(): boolean {
  return document.cookie.split('; ').some((cookie) => cookie.startsWith(`${SESSION_MARKER}=`));
}

/** A refresh token works once: two tabs that used the same one would look like a thief. */
function oneTabAtATime<Result>(work: () => Promise<Result>): Promise<Result> {
  // Only secure contexts and localhost have locks; elsewhere the server's answer decides.
  return 'locks' in navigator ? navigator.locks.request('koneksi-renewal', work) : work();
}
