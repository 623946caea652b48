import { backUp } from './backup/back-up.js';
import { fileToWorkOn, runCommand } from './run-command.js';

await runCommand((env, say) => backUp(env, fileToWorkOn('npm run backup -- FILE'), say));
