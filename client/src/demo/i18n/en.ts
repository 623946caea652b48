import type { DemoCatalogue } from './id';

export const DEMO_EN: DemoCatalogue = {
  accounts: {
    label: 'Demo accounts',
    hint: 'This is a demo server with a simulated WhatsApp. Choose an account to log in.',
  },
  scan: {
    press: 'Virtual phone: scan',
    busy: 'The virtual phone is scanning…',
    hint: 'Only in the demo: the simulated phone of this outlet scans the QR above.',
  },
};
