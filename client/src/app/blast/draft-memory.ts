import { NOTHING, type DraftContent } from './draft-content';
import type { PressKey } from './press-keys';

interface RememberedDraft extends DraftContent {
  /** Whose it is: what one person wrote is not shown to the next. */
  owner: string | null;
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

/** One from before a field there is now has nothing in it. */
export function recallDraft(owner: string | null): RememberedDraft | null {
  try {
    const draft = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as RememberedDraft | null;
    return draft !== null && draft.owner === owner ? { ...NOTHING, ...draft } : null;
  } catch {
    return null;
  }
}
