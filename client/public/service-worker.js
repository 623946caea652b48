// What keeps the pages: Angular's worker, with one thing before it. It is shown nothing of what must not be kept, so
// that no mistake in its settings could keep it: what the interface answers, and the address of a reconnect link, which
// opens an outlet. Those go to the server as if there were no worker.
const NEVER_SEEN = /^\/(?:api|docs|health|link-page|metrics|r|socket\.io)(?:\/|$)/;

self.addEventListener('fetch', (event) => {
  if (NEVER_SEEN.test(new URL(event.request.url).pathname)) event.stopImmediatePropagation();
});

importScripts('ngsw-worker.js');
