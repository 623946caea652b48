import { backUp } from './backup/back-up.js';
import { fileToWorkOn, runCommand } from './run-command.js';

const USAGE = 'npm run backup -- FILE writes everything there is into FILE, sealed; Koneksi may run meanwhile.';

await runCommand((env, say) => backUp(env, fileToWorkOn(USAGE), say));
