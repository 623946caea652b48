import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { Me } from '@koneksi/contracts/auth';
import { firstValueFrom } from 'rxjs';
import { AuthStore } from './auth-store';
import { whenRecordsChange } from './records-changed';

/** Keeps who is signed in as they are by now, whoever changes that, and on whichever page. */
@Service()
export class OwnProfile {
  constructor() {
    const [http, auth] = [inject(HttpClient), inject(AuthStore)];
    whenRecordsChange(['profile'], async () => {
      if (auth.userId() === null) return;
      const me = await firstValueFrom(http.get<Me>('/api/auth/me'));
      if (me.id === auth.userId()) auth.amend({ name: me.name });
    });
  }
}
