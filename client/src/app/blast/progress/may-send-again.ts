import type { Blast } from '@koneksi/contracts/blasts';

/** Whether those that failed, or are uncertain, may be queued again: there must be something to send. */
export const maySendAgain = ({ status, purgedAt }: Pick<Blast, 'status' | 'purgedAt'>): boolean =>
  status !== 'canceled' && purgedAt === null;
