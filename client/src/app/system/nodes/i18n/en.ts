import type { NodeCatalogue } from './id';

export const NODE_EN: NodeCatalogue = {
  title: 'Servers',
  lead: 'These servers share the outlets evenly. Where one dies the others take its outlets within 15 seconds.',
  alone:
    'Koneksi runs on this one server alone. If it stops, all outlets are cut off until it is up again; their links are kept.',
  notLoaded: 'The servers are not loaded yet',
  list: 'List of servers',
  row: {
    self: 'This server',
    outlets: '{{count}} [outlet|outlets]',
    version: 'Version {{version}}',
    since: 'up since',
    heard: 'Heard',
    unheard: 'Not heard yet',
    silent: 'Not heard for {{length}}',
    drained: 'Drained',
    standsIn: 'Drained, yet serving since nobody else does',
    leaving: 'Stopping',
    older: 'Older version: takes no more outlets',
  },
  drain: {
    action: 'Drain',
    name: 'Drain {{name}}',
    title: 'Drain {{name}}?',
    body: 'Its outlets ({{count}}) move to the other servers without a QR, 10 a second to each. This server stays up, but takes no outlets until it is returned or started anew.',
    done: '{{name}} is being drained.',
  },
  undrain: {
    action: 'Return',
    name: 'Return {{name}}',
    title: 'Return {{name}} to work?',
    body: 'This server takes its share again. Each outlet that moves is connected again within seconds, without a QR.',
    done: '{{name}} works again.',
  },
};
