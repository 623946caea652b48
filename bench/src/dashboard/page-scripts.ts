/** What a page saw: an outlet drawn with another name. Milliseconds since the epoch, by the system's clock. */
export interface Drawn {
  outletId: string;
  count: number;
  changedAt: number;
  /** The frame that holds the change has been rendered. */
  paintedAt: number;
}

/** What has gathered in a page since it was last asked. */
export interface Gathered {
  drawn: Drawn[];
  /** Durations in milliseconds. */
  longTasks: number[];
}

export const TAKE = '({ drawn: drawnByBench.splice(0), longTasks: longTasksByBench.splice(0) })';

const COMMON = `
  globalThis.drawnByBench = [];
  globalThis.longTasksByBench = [];
  new PerformanceObserver((list) => longTasksByBench.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask' });
  globalThis.afterPaint = (work) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = work;
    port2.postMessage(null);
  });
  globalThis.noteDrawn = (drawn) => afterPaint(() => {
    const paintedAt = Date.now();
    drawnByBench.push(...drawn.map((each) => ({ ...each, paintedAt })));
  });
  globalThis.countIn = (name) => Number(/\\((\\d+)\\)\\s*$/.exec(name)?.[1] ?? 0);
`;

/** In the product's page: notes every row whose name changes. */
export const WATCH_ROWS = `${COMMON}
  new MutationObserver((mutations) => {
    const changedAt = Date.now();
    const drawn = mutations.flatMap(({ target }) => {
      const isName = target.parentElement?.dataset.testid === 'show-outlet';
      const outletId = isName && target.parentElement.closest('[data-outlet-id]')?.dataset.outletId;
      return outletId ? [{ outletId, count: countIn(target.data), changedAt }] : [];
    });
    if (drawn.length > 0) noteDrawn(drawn);
  }).observe(document.body, { subtree: true, characterData: true });
`;

/** Before anything of a page runs: the time from the navigation until rows fill the window and are painted. */
export const TIME_FILLING = `
  const isFilled = () =>
    [...document.querySelectorAll('[data-outlet-id]')].some((row) => row.getBoundingClientRect().bottom >= innerHeight);
  const observer = new MutationObserver(() => {
    if (!isFilled()) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => (globalThis.filledAfterMs = performance.now())));
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['style'] });
`;

/** The ids of the rows in sight, at least half of each. */
export const IN_SIGHT = `[...document.querySelectorAll('[data-outlet-id]')]
  .filter((row) => {
    const { top, height } = row.getBoundingClientRect();
    return top >= 0 && top + height / 2 <= innerHeight;
  })
  .map((row) => row.dataset.outletId)`;

/** A page as one writes it in an afternoon: asks for everything every so often and draws all of it anew. */
export const pollingPage = (token: string, periodMs: number): string => `<!doctype html>
<title>Outlets</title>
<style>td { padding: 8px; border-bottom: 1px solid #ddd }</style>
<table><thead><tr><th>Outlet<th>Health<th>Database<th>Live<th>Device<th>Connected<th>Last seen<th>Retries<th>Automatic<th>Reason</thead>
<tbody></tbody></table>
<script>
  ${COMMON}
  const shown = new Map();
  const text = (value) => String(value ?? '–').replace(/[&<>]/g, (sign) => '&#' + sign.charCodeAt() + ';');
  const date = (instant) => (instant ? new Date(instant).toLocaleString('id') : null);
  const row = ({ outlet, healthy, session, liveStatus, reason }) => '<tr>' + [
    outlet.name + ' ' + outlet.whatsappNumber, healthy ? 'Sehat' : 'Bermasalah', session.status, liveStatus.status,
    session.sessionName, date(session.connectedAt), date(session.lastSeen), session.retryCount,
    session.autoReconnect ? 'Ya' : 'Tidak', reason && reason.message + ' ' + reason.action,
  ].map((value) => '<td>' + text(value)).join('');
  async function poll() {
    const answer = await fetch('/api/outlets/status', { headers: { authorization: 'Bearer ${token}' } });
    const { statuses } = await answer.json();
    document.querySelector('tbody').innerHTML = statuses.map(row).join('');
    const changedAt = Date.now();
    noteDrawn(statuses.flatMap(({ outletId, outlet }) => {
      const count = countIn(outlet.name);
      if (shown.get(outletId) === count) return [];
      shown.set(outletId, count);
      return [{ outletId, count, changedAt }];
    }));
  }
  poll();
  setInterval(poll, ${periodMs});
</script>`;
