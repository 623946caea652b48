import type { Account } from '../../accounts/account.js';
import { bytesOf, child, children, type Stanza, stanza } from '../../wire/stanza.js';

/** Enough for any companion that comes back; older writes are forgotten with their versions. */
const MAX_PATCHES = 1_000;

/**
 * xmlns `w:sync:app:state`: chats' settings shared by an account's devices. The service stores writes
 * it cannot read and hands each device those made since the version it names.
 */
export function answerAppState(request: Stanza, account: Account): Stanza {
  const collections = children(child(request, 'sync')).map((collection) => answerCollection(collection, account));
  return stanza('sync', {}, collections);
}

function answerCollection(collection: Stanza, account: Account): Stanza {
  const { name = '', version = '0' } = collection.attrs;
  const state = account.appState.get(name) ?? { version: 0, patches: [] };
  const patch = bytesOf(child(collection, 'patch'));
  if (patch) {
    state.version += 1;
    state.patches = [...state.patches, patch].slice(-MAX_PATCHES);
    account.appState.set(name, state);
    return stanza('collection', { name, version: state.version.toString() });
  }
  const missed = Math.max(0, state.version - Number(version));
  const patches = missed > 0 ? state.patches.slice(-missed).map((bytes) => stanza('patch', {}, bytes)) : [];
  const attrs = { name, version: state.version.toString(), has_more_patches: 'false' };
  return stanza('collection', attrs, patches.length > 0 ? [stanza('patches', {}, patches)] : undefined);
}
