import type { KINDS_ID, STATE_ID, WALL_ID } from './status-id';

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
};
