/** The modules of the server, top to bottom: each may import those below it, none above. */
const LAYERS = [
  ['demo'],
  // The files that put everything together: `main.ts`, `app.ts`, `app.module.ts` …
  ['[^/]+\\.ts$'],
  ['activity', 'backup', 'health', 'key-rotation', 'metrics', 'personal-data', 'quotas'],
  ['realtime', 'uptime'],
  ['alerts'],
  ['webhooks'],
  ['blast', 'incidents', 'reconnect-links'],
  ['outlet-status'],
  ['wa-session'],
  ['cluster'],
  ['contacts'],
  ['consent'],
  ['outlets'],
  ['users'],
  ['app-info'],
  ['status-log'],
  ['auth'],
  ['acts'],
  ['idempotency'],
  ['mail', 'spreadsheets'],
  ['common', 'config', 'database'],
];

/** The rooms of the client's pages alike; those of one floor know nothing of each other either. */
const PAGES = [
  ['[^/]+\\.ts$'],
  ['design', 'shell'],
  ['outlet-status'],
  ['first-steps'],
  ['alerts', 'blast', 'uptime'],
  ['contacts', 'incidents', 'webhooks'],
  ['outlets'],
  ['activity', 'api-keys', 'login', 'profile', 'system', 'users'],
  ['imports', 'proof', 'push', 'quotas'],
  // What is pushed of outlets, and how that is said, drawn and ordered.
  ['live-status'],
  ['ui'],
  ['core'],
];

const below = (home, rooms) => `^${home}(${rooms.map((room) => (room.endsWith('$') ? room : `${room}/`)).join('|')})`;

/** What wa-session shows to the rooms above it, beside its pure facts and what wraps keys. */
const DESKS = [
  'wa-session\\.module',
  'wa-session\\.service',
  'desk/[^/]+',
  'fence',
  'link-audit',
  'messenger',
  'outlet-rows',
  'sent-messages',
];

const TEST = '\\.test\\.ts$';

const upwards = (name, home, floors) =>
  floors.slice(1).map((rooms, index) => ({
    name,
    comment: ['app', ...floors.filter(([room]) => !room.endsWith('$')).map((each) => each.join(', '))].join(' → '),
    severity: 'error',
    from: { path: below(home, rooms), pathNot: TEST },
    to: {
      path: floors
        .slice(0, index + 1)
        .map((each) => below(home, each))
        .join('|'),
    },
  }));

module.exports = {
  forbidden: [
    ...upwards('no-import-upwards', 'src/', LAYERS),
    ...upwards('no-page-upwards', 'client/src/app/', PAGES),
    ...PAGES.slice(1).map((rooms) => ({
      name: 'no-page-beside',
      comment: 'What two of them share lies below.',
      severity: 'error',
      from: { path: below('client/src/app/', rooms), pathNot: TEST },
      to: { path: below('client/src/app/', rooms), pathNot: '^client/src/app/$1' },
    })),
    {
      name: 'no-room-without-floor',
      severity: 'error',
      from: {
        path: '^(src|client/src/app)/[^/]+/',
        pathNot: [
          ...LAYERS.map((rooms) => below('src/', rooms)),
          ...PAGES.map((rooms) => below('client/src/app/', rooms)),
        ],
      },
      to: {},
    },
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphan',
      comment: 'A module nobody imports is dead, or misses its import.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [TEST, '\\.d\\.ts$', '(^|/)[^/]+\\.(mjs|cjs)$', '^(src|client/src|simulator/src)/main\\.ts$'],
      },
      to: {},
    },
    {
      name: 'no-test-in-product',
      severity: 'error',
      from: {
        path: '^(src|contracts|packages|simulator/src|client/src|ormconfig)',
        pathNot: [TEST, '^client/src/testing/'],
      },
      to: { path: ['^test/', TEST, '^simulator/test/', '^client/src/testing/', '^bench/', '^soak/'] },
    },
    {
      name: 'domain-is-pure',
      comment:
        'Decisions take time, facts and settings as arguments; they know no framework, database or WhatsApp library.',
      severity: 'error',
      from: { path: '^src/[^/]+/domain/', pathNot: TEST },
      to: { pathNot: ['^src/[^/]+/domain/', '^contracts/'] },
    },
    {
      name: 'baileys-in-one-place',
      severity: 'error',
      from: { path: '^(src|client|contracts)/', pathNot: '^src/wa-session/whatsapp/' },
      to: { path: '@whiskeysockets/baileys' },
    },
    {
      name: 'simulator-for-demo-and-tests',
      severity: 'error',
      from: { path: '^(src|client|contracts)/', pathNot: ['^src/demo/', TEST] },
      to: { path: ['^simulator/', '@koneksi/whatsapp-simulator'] },
    },
    {
      name: 'contracts-stand-alone',
      severity: 'error',
      from: { path: '^contracts/' },
      to: { path: '^(src|client|simulator|test|bench|soak|scripts)/' },
    },
    {
      name: 'published-client-knows-contracts-only',
      comment: 'It runs in browsers and in other people’s services.',
      severity: 'error',
      from: { path: '^packages/client/', pathNot: TEST },
      to: { path: '^(src|client|simulator|test|bench|soak|scripts)/' },
    },
    {
      name: 'client-knows-contracts-only',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^(src|simulator|test|bench|soak|scripts)/' },
    },
    {
      name: 'simulator-stands-alone',
      comment: 'It is a package of its own, for anybody who tests against WhatsApp.',
      severity: 'error',
      from: { path: '^simulator/', pathNot: TEST },
      to: { path: ['^(src|client|contracts|test|bench|soak|scripts)/', '@koneksi/'] },
    },
    {
      name: 'realtime-is-the-end',
      comment: 'Others publish facts; realtime listens.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(realtime/|app\\.module\\.ts$)', TEST] },
      to: { path: '^src/realtime/' },
    },
    {
      name: 'nobody-outside-holds-an-actor',
      comment:
        'Sessions are spoken to at the desks, by outlet and with plain answers: their actors may live in another process.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/wa-session/', TEST] },
      to: {
        path: '^src/wa-session/',
        pathNot: `^src/wa-session/((${DESKS.join('|')})\\.ts$|credentials/|domain/)`,
      },
    },
    {
      name: 'one-writer-of-status',
      comment:
        'Cursors are given in commit order by the lock of their row: by the journal, and in the transaction that removes an outlet; everybody else reads by cursor.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/wa-session/session-journal\\.ts$', '^src/outlets/outlets\\.service\\.ts$', TEST],
      },
      to: { path: '^src/status-log/append-sql\\.ts$' },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '(^|/)dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
