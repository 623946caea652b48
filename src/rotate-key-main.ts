import { rotateKey } from './key-rotation/rotate-key.js';
import { runCommand } from './run-command.js';

await runCommand(rotateKey);
