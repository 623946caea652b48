import type { Caller } from '../../auth/caller.js';

/** Koneksi itself, which nobody can sign in as. */
export const KONEKSI: Caller = {
  id: '00000000-0000-4000-8000-00006b6f6e65',
  kind: 'user',
  name: 'Koneksi',
  role: 'ADMIN',
  outletIds: 'all',
};
