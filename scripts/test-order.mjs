// The order in which Jest begins the files: what takes longest first, so that no worker is alone with it at the end.
import { statSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * All of more than 20 s on two cores, the longest first, as Jest prints it beside each. One that is missing costs no more than
 * its own length; one that is gone costs nothing.
 */
const LONGEST = [
  'looks',
  'status-300',
  'storms',
  'blast-killing',
  'several-nodes',
  'soak',
  'whole-words',
  'contacts-pages',
  'uptime-page',
  'focus-ring',
  'parting',
  'alerts-page',
  'examples',
  'blast-preflight',
  'alert-killing',
  'blast-pages',
  'api-keys-page',
  'webhooks-page',
  'hostile-requests',
  'demo-lab',
  'client-package',
  'blast-replies',
  'edited-by-two',
  'blast-pace',
  'groups',
  'lab',
  'frozen-owner',
  'activity-page',
  'fairness',
  'key-rotation',
  'blast',
  'reconnect-pages',
  'incidents-page',
  'blast-faults',
  'pages',
  'blast-press',
  'blast-retention',
  'bodies',
  'first-steps',
  'two-step-sign-in',
  'webhooks',
  'stop-confirmation',
  'other-direction',
  'connect-dialog',
  'repeating-pages',
  'broken-links',
  'client-version',
  'passkey-page',
  'editing',
  'blast-reply-pages',
  'blast-asked-again',
  'endings',
  'webhook-killing',
  'backup',
  'clock-steps',
  'visibility',
  'peace',
  'blast-media',
  'blast-ends',
  'forgotten-password',
  'defences',
  'messages',
  'new-chats',
  'authorisation',
  'linking',
];

export default class LongestFirst {
  sort(tests) {
    return tests.toSorted((one, other) => rank(one) - rank(other) || size(other) - size(one));
  }

  /** What `--onlyFailures` would choose from; nothing is kept from one run to the next. */
  allFailedTests(tests) {
    return this.sort(tests);
  }

  cacheResults() {}
}

function rank({ path }) {
  const at = LONGEST.indexOf(basename(path).replace(/\.e2e\.test\.ts$/, ''));
  return at < 0 ? LONGEST.length : at;
}

function size({ path }) {
  return statSync(path).size;
}
