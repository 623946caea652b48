// npm run dev: server and dashboard, rebuilt and restarted as their sources change. `npm run dev -- demo` runs the demo.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { root, shippedNode } from './shipped-node.mjs';

const isDemo = process.argv[2] === 'demo';
const program = isDemo ? 'dist/src/demo/demo-main.js' : 'dist/src/main.js';
const node = shippedNode() ?? process.execPath;
const children = new Set();
let server = null;
let restarting = null;

run('typescript/bin/tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput');
run('@angular/cli/bin/ng.js', 'build', '--watch', '--configuration', isDemo ? 'development,demo' : 'development');
startServer();

watch(join(root, 'dist/src'), { recursive: true }, (_event, name) => {
  if (!name?.endsWith('.js')) return;
  // One save touches many files.
  clearTimeout(restarting);
  restarting = setTimeout(restartServer, 300);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    server?.removeAllListeners('exit');
    for (const child of children) child.kill('SIGTERM');
  });
}

function run(tool, ...args) {
  const cwd = tool.startsWith('@angular') ? join(root, 'client') : root;
  return start([join(root, 'node_modules', tool), ...args], cwd);
}

function startServer() {
  server = start([join(root, 'scripts/run.mjs'), program], root);
}

function restartServer() {
  if (server.exitCode !== null) return startServer();
  server.once('exit', startServer);
  server.kill('SIGTERM');
}

function start(args, cwd) {
  const child = spawn(node, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}
