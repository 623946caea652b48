import type { BlastMedia } from '@koneksi/contracts/blasts';

interface RememberedDraft {
  /** Whose it is: what one person wrote is not shown to the next. */
  owner: string | null;
  everyOutlet: boolean;
  outletIds: string[];
  tags: string[];
  message: string;
  media: BlastMedia | null;
  title: string;
  later: boolean;
  scheduledAt: string;
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
