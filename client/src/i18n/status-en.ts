import type { ALERTS_ID, FINDER_ID, FLEET_ID, INCIDENTS_ID, KINDS_ID, STATE_ID, SYSTEM_ID, WALL_ID } from './status-id';

export const KINDS_EN: typeof KINDS_ID = {
  problem: 'Problem',
  unstable: 'Unstable',
  setup: 'Being set up',
  paused: 'Paused',
  healthy: 'Healthy',
};

export const STATE_EN: typeof STATE_ID = {
  notLinked: 'Not linked',
  pairing: 'Linking',
  autoOff: 'Automatic off',
};

export const WALL_EN: typeof WALL_ID = {
  open: 'Wall screen',
  leave: 'Close the wall screen',
  well: 'All is well',
  troubled: '{{count}} [problem|problems]',
  struck: '{{count}} [outlet|outlets]',
  lasted: '{{length}} (since {{time}})',
  noCity: 'No city',
};

export const LIMITS_EN = {
  locked: 'New chats are locked by WhatsApp.',
  lockedUntil: 'New chats are locked by WhatsApp until {{time}}.',
  capped: 'New-chat quota used up.',
  cappedUntil: 'New-chat quota used up; counted anew {{time}}.',
  left: '{{count}} new [chat|chats] left.',
  title: 'New chats',
  open: 'Allowed',
  until: 'Limited until',
  limited: 'new chats limited',
  unknown: 'WhatsApp has not said yet.',
};

export const ALERTS_EN: typeof ALERTS_ID = {
  desktop: 'Desktop notices',
  sound: 'Sound when something breaks',
  many: '{{count}} [outlet has|outlets have] a problem',
  refused: 'The browser does not allow notices for this page. Allow them in its settings.',
};

export const FLEET_EN: typeof FLEET_ID = {
  struck: '{{count}} of {{fleet}} outlets, one cause',
  unknown: 'Most outlets have a problem at once.',
  over: 'Back: {{count}} [outlet is|outlets are] connected again.',
  lasted: '{{span}} ({{length}})',
};

export const INCIDENTS_EN: typeof INCIDENTS_ID = {
  title: 'Incidents',
  lead: 'Outlets that broke together for one cause are one incident. What was paused on purpose is none.',
  lasting: 'Lasting',
  over: 'Over',
  lasts: 'since {{from}} ({{length}})',
  lasted: '{{span}} ({{length}})',
  drift: 'Database and connection differ.',
  others: '{{names}} and {{count}} [other|others]',
  struck: '{{count}} [outlet|outlets]',
  stillDown: '{{down}} of {{count}} [outlet is|outlets are] still down',
  take: 'I take care',
  takeOver: 'Take over',
  taken: 'You take care of this incident.',
  takenBy: '{{name}} takes care since {{time}}',
  nobody: 'Nobody takes care yet',
  show: 'Show outlets',
  hide: 'Hide outlets',
  well: 'back {{time}}',
  down: 'still down',
  open: 'Show the incident',
  notLoaded: 'The incidents could not be loaded',
  noneTitle: 'No incident yet',
  none: 'As soon as an outlet is down for more than a moment, its cause, its length and who takes care stand here.',
};

export const FINDER_EN: typeof FINDER_ID = {
  label: 'Find an outlet or a page',
  act: 'Act',
  page: 'Page',
  slash: 'To the search of this page',
  ctrlK: 'Find an outlet or a page',
  help: 'This list of keys',
  escape: 'Close what is open',
};

export const SYSTEM_EN: typeof SYSTEM_ID = {
  title: 'System',
  version: 'WhatsApp Web version',
  versionHint: 'The version that Koneksi shows to WhatsApp. Phones refuse to link one that is too old.',
  shown: 'Version in use',
  source: 'Where it is from',
  confirmed: 'Last confirmed by WhatsApp',
  asked: 'Last asked',
  ask: 'Ask now',
  sources: {
    pinned: 'pinned by WA_VERSION',
    whatsapp: "told by WhatsApp's site",
    library: 'came with Koneksi',
  },
  current: 'Nothing to do: Koneksi asks every day, and before it links.',
  pinned: 'Pinned: Koneksi asks for no newer one. Remove WA_VERSION if phones begin to refuse links.',
  askFailed: 'WhatsApp did not answer when it was last asked; the version that was kept is used.',
  old: 'Not confirmed for long: phones may refuse to link. Ask now, or update Koneksi.',
  nobodyAsks: 'There is no site to ask here; the version that came with Koneksi is used.',
};
