import type { DemoParts } from '../app/core/demo-part-types';

export const DEMO_PARTS: DemoParts | null = {
  accounts: async () => (await import('./demo-accounts')).DemoAccounts,
  scan: async () => (await import('./virtual-phone-scan')).VirtualPhoneScan,
  lab: async () => (await import('./lab/lab')).Lab,
};
