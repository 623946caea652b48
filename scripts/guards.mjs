// Takes one guard of several nodes after the other out of the built product, and tells whether a short `soak -- cluster` notices:
//   node scripts/guards.mjs [FRAGMENT…]
// Two minutes each, and two for the product as it is, which comes first. Built files are changed where they are and put back.
// `src/wa-session/fence.ts` is taken apart by test/support/history.test.ts.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './shipped-node.mjs';

/** What stands in the built file, and what then does. */
const GUARDS = [
  {
    guard: 'a node ends its sockets before others may open them',
    file: 'cluster/heartbeat.js',
    is: 'const FENCE_AFTER_MS = 8_000;',
    becomes: 'const FENCE_AFTER_MS = 60_000;',
  },
  {
    guard: 'a node is taken for dead only after it ended its sockets',
    file: 'cluster/membership.js',
    is: 'const TTL_MS = 12_000;',
    becomes: 'const TTL_MS = 4_000;',
  },
  {
    guard: 'who was blind buries nobody',
    file: 'cluster/membership.js',
    is: 'onBlind: () => this.still.forget(),',
    becomes: 'onBlind: () => undefined,',
  },
  {
    guard: 'a claim takes what is free alone',
    file: 'wa-session/ownership.js',
    is: 'WHERE n.id IS NULL AND (',
    becomes: 'WHERE (',
  },
  {
    guard: 'a socket ends before its outlet is let go',
    file: 'wa-session/session-registry.js',
    is: 'actors.map((actor) => actor.letGo())',
    becomes: 'actors.map(() => Promise.resolve())',
  },
  {
    guard: 'a message leaves by a claim alone',
    file: 'blast/sending/message-sender.js',
    is: 'isRefused = (await this.ledger.claim(row, asked)) === null;',
    becomes: 'isRefused = false;',
  },
  {
    guard: 'changes are told in the order of their cursors',
    file: 'status-log/status-tail.js',
    is: 'const next = this.handed.get(this.last + 1);',
    becomes: 'const [next] = this.handed.values();',
  },
];

let putBack = () => undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    putBack();
    process.exit(1);
  });

const fragments = process.argv.slice(2);
const chosen = GUARDS.filter(({ guard }) => fragments.length === 0 || fragments.some((each) => guard.includes(each)));
const whole = await soak();
if (whole.outcome !== 'SURVIVED') {
  tell(whole, 'the product with all its guards, so nothing can be told of it without one');
  process.exit(1);
}
let failed = 0;
for (const each of chosen) {
  const found = await without(each);
  if (found.outcome !== 'noticed') failed++;
  tell(found, each.guard);
}
process.exitCode = failed === 0 ? 0 : 1;

function tell({ outcome, said }, what) {
  console.log(`${outcome}: ${what}`);
  for (const line of said.slice(0, 3)) console.log(`  ${line.slice(0, 160)}`);
}

/** What a short soak says of the product without this guard. */
async function without({ file, is, becomes }) {
  const path = join(root, 'dist/src', file);
  const before = readFileSync(path, 'utf8');
  if (before.split(is).length !== 2) throw new Error(`${file} says it in other words now: ${is}`);
  putBack = () => writeFileSync(path, before);
  writeFileSync(path, before.replace(is, becomes));
  try {
    return await soak();
  } finally {
    putBack();
    putBack = () => undefined;
  }
}

/** A soak that ends otherwise than by its own verdict has noticed nothing: PostgreSQL may not have started. */
async function soak() {
  const { code, output } = await run();
  const lines = output.trimEnd().split('\n');
  const said = lines.filter((line) => line.startsWith('✗'));
  if (said.length > 0) return { outcome: 'noticed', said };
  if (code === 0) return { outcome: 'SURVIVED', said };
  return { outcome: 'CRASHED', said: [lines.find((line) => line.includes('Error')) ?? lines.at(-1)] };
}

function run() {
  const args = [join(root, 'scripts/run.mjs'), 'soak/src/soak.ts', 'cluster', '--quick'];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}
