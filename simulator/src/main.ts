#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { type Simulator, SimulatorError, type SimulatorOptions, startSimulator } from './simulator.js';

const USAGE = 'Usage: whatsapp-simulator [--port N] [--host H] [--data-file F] [--allow-remote]';

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function optionsFrom(args: string[]): SimulatorOptions {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      'data-file': { type: 'string' },
      'allow-remote': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535)
    fail(`--port must be a number from 0 to 65535, not "${values.port}".`);
  const dataFile = values['data-file'];
  return { port, host: values.host, allowRemote: values['allow-remote'], ...(dataFile !== undefined && { dataFile }) };
}

function parsed(args: string[]): SimulatorOptions {
  try {
    return optionsFrom(args);
  } catch (error) {
    return fail(`${(error as Error).message.split('. ')[0]}. ${USAGE}`);
  }
}

const simulator: Simulator = await startSimulator(parsed(process.argv.slice(2))).catch((error: unknown) =>
  fail(error instanceof SimulatorError ? error.message : String(error)),
);

process.stdout.write(
  [
    `WhatsApp simulator listening on ${simulator.url}`,
    `Control API at ${simulator.controlUrl}/state`,
    `Root key ${simulator.rootKey}`,
    '',
    'Point a Baileys application here with:',
    `WA_WEB_SOCKET_URL=${simulator.url}`,
    `WA_ROOT_KEY=${simulator.rootKey}`,
    '',
  ].join('\n'),
);

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  simulator.stop().then(
    () => process.exit(0),
    (error: unknown) => fail(`The simulator could not save its data (${String(error)}).`),
  );
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
