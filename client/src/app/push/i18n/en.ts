import type { PushCatalogue } from './id';

export const PUSH_EN: PushCatalogue = {
  title: 'Notices on this device',
  lead: 'The browser shows alerts even when Koneksi is not open. Of what is said by the alert rules that name you.',
  state: {
    unsupported:
      'This browser cannot get notices yet. Open Koneksi over https; on iPhone and iPad install it first, by Share → Add to Home Screen.',
    blocked: 'Notices are blocked for this site. Allow them in the site settings of the browser, then try again.',
    off: 'Off on this device.',
    on: 'On on this device.',
  },
  turnOn: 'Turn on notices',
  turnOff: 'Turn off',
  test: 'Send a test',
  tested: 'The push service of the browser took the test. If it does not show, check what this device allows.',
  notTested: 'The test was not sent: {{fault}}',
  others: 'Other devices of yours',
  remove: 'Turn off notices in {{browser}}',
  refused: 'The browser gave no address for notices. Try again, or use another browser.',
  browserOn: '{{browser}} on {{system}}',
  fault: {
    NO_BROWSER: 'no device has notices on.',
    BROWSER_GONE: 'that browser withdrew its notices, and was taken off the list.',
    PUSH_REFUSED: 'the push service of the browser refused this message.',
    PUSH_UNREACHABLE: 'the push service of the browser cannot be reached from the server.',
    other: 'something went wrong on the server.',
  },
};
