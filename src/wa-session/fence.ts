/**
 * Proof that this process may write for an outlet. An epoch alone may be given twice, where a replica that missed a
 * claim was promoted; an owner is new with every start, so both together never come again.
 */
export interface Ownership {
  outletId: string;
  owner: string;
  epoch: string;
}

/**
 * The fence, for every write that only an outlet's owner may make: `owned` has a row per outlet whose newest claim is
 * the one named, and keeps it the newest until the write is committed. Who claims the outlet meanwhile waits for that
 * and reads all of it; without the lock a write that itself waits for a row could land after the next claim. Locked by
 * id, so that no two wait for each other.
 */
const owned = (named: string): string => `
  owned AS (
    SELECT l.outlet_id, l.owner, l.epoch FROM wa_lease l WHERE (l.outlet_id, l.owner, l.epoch) ${named}
    ORDER BY l.outlet_id FOR SHARE OF l)`;

/** One claim, whose `claimValues` begin at this parameter. */
export const ownedBy = (first = 1): string => owned(`= ($${first}::uuid, $${first + 1}::uuid, $${first + 2}::bigint)`);

/** The claims that the rows of `relation` name by `outlet_id`, `owner` and `epoch`; one without an owner names none. */
export const ownedAmong = (relation: string): string => owned(`IN (SELECT outlet_id, owner, epoch FROM ${relation})`);

export const claimValues = ({ outletId, owner, epoch }: Ownership): [string, string, string] => [
  outletId,
  owner,
  epoch,
];
