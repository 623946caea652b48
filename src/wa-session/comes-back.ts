import type { KeptTable } from '../outlets/bin/kept-rows.js';
import { LeaseEntity } from './lease.entity.js';
import { SessionEntity } from './session.entity.js';

/**
 * What comes back with an outlet out of the bin: no link, but that there was one and how it ended, what it used up
 * of its allowance of sockets, and the claim from which epochs go on, so that nothing written under an older one
 * counts. Its reason is left to be told anew.
 */
export const COMES_BACK: readonly KeptTable[] = [
  { entity: LeaseEntity, back: ({ outlet_id, epoch }) => ({ outlet_id, owner: null, epoch }) },
  {
    entity: SessionEntity,
    back: ({ outlet_id, ever_linked, last_ending, last_seen, opens, revision }) => ({
      outlet_id,
      status: 'DISCONNECTED',
      ever_linked,
      last_ending,
      last_seen,
      opens,
      revision,
    }),
  },
];
