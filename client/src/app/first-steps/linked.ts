import { kindOf } from '@koneksi/contracts/outlet-kind';
import type { StatusRow } from '../live-status/status-store';

/** Of these outlets, the first that waits for its phone. */
export const firstToLink = (rows: readonly StatusRow[]): StatusRow | undefined => rows.find(isToLink);

/** How many found their phone, whatever became of them since: one that is down or paused was linked before. */
export const countLinked = (rows: readonly StatusRow[]): number => rows.filter((row) => !isToLink(row)).length;

const isToLink = ({ status }: StatusRow): boolean => kindOf(status, false) === 'setup';
