import type { BlastMedia } from '@koneksi/contracts/blast-content';
import type { FollowUp } from '@koneksi/contracts/follow-ups';
import type { PressKey } from './press-keys';

/** A contact that was picked by hand. */
export interface Picked {
  id: string;
  name: string | null;
  phone: string;
}

/** Whom an earlier blast met, and who has not got, read or answered it. */
export interface FollowedBlast {
  blastId: string;
  title: string;
  who: FollowUp;
}

interface RememberedDraft {
  /** Whose it is: what one person wrote is not shown to the next. */
  owner: string | null;
  everyOutlet: boolean;
  outletIds: string[];
  /** Whether numbers and picked contacts are meant, instead of the outlets' contacts. */
  byHand: boolean;
  tags: string[];
  exceptTags: string[];
  phones: string;
  picked: Picked[];
  message: string;
  media: BlastMedia | null;
  title: string;
  later: boolean;
  scheduledAt: string;
  ends: boolean;
  notAfter: string;
  /** Whether recipients are told how to hear no more, or why not. */
  offersWayOut?: boolean;
  noWayOut?: string;
  /** Whose recipients are meant, instead of outlets' contacts. */
  follows: FollowedBlast | null;
  /** The blast that this one is to stand for. */
  replaces: string | null;
  /** What was tried on a phone, by its words. */
  tested: string | null;
  press: PressKey | null;
}

const KEY = 'koneksi.blast-draft';

/** For as long as the tab lives; a browser that refuses storage keeps it until a reload. */
export function rememberDraft(draft: RememberedDraft): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // Then it lasts as long as the page.
  }
}

export function recallDraft(owner: string | null): RememberedDraft | null {
  try {
    const draft = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as RememberedDraft | null;
    return draft !== null && draft.owner === owner ? draft : null;
  } catch {
    return null;
  }
}
