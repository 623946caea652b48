// Runs a program with the Node.js that npm installed, whatever Node.js the user has: node scripts/run.mjs FILE ARGS…
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, shippedNode } from './shipped-node.mjs';

const [file, ...rest] = process.argv.slice(2);
const node = shippedNode() ?? process.execPath;
const args = [
  '--enable-source-maps',
  // A thousand sessions allocate little at a time; bigger young generations only hold more memory.
  '--max-semi-space-size=4',
  // Else V8 collects a small heap only when it has grown to three times what lives, and gives nothing back where all is calm.
  '--heap-growing-percent=60',
  '--no-warnings=ExperimentalWarning',
  `--import=${pathToFileURL(join(import.meta.dirname, 'end-with-parent.mjs'))}`,
  join(root, file),
  ...rest,
];
const env = {
  // glibc keeps an arena per thread and gives little of it back.
  MALLOC_ARENA_MAX: '1',
  // More than a thousand files are compiled once, not at each start.
  NODE_COMPILE_CACHE: join(root, '.cache/compiled'),
  ...process.env,
};

if (process.execve) {
  // One process less, and signals need nobody to forward them.
  process.execve(node, [node, ...args], { ...env, KONEKSI_PARENT: String(process.ppid) });
}

const child = spawn(node, args, { stdio: 'inherit', env: { ...env, KONEKSI_PARENT: String(process.pid) } });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
