import { HttpClient } from '@angular/common/http';
import { inject, Service, signal } from '@angular/core';
import type { AppInfo } from '@koneksi/contracts/demo';

/** What the server says about itself; until it does, nothing of the demo is offered. */
@Service()
export class AppInfoStore {
  readonly #info = signal<AppInfo | null>(null);
  readonly demo = () => this.#info()?.demo ?? false;

  constructor() {
    inject(HttpClient)
      .get<AppInfo>('/api/app')
      .subscribe({ next: (info) => this.#info.set(info), error: () => undefined });
  }
}
