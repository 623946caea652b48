import { createDataSource } from '../ormconfig.js';
import { restore } from './backup/restore.js';
import { fileToWorkOn, runCommand } from './run-command.js';

await runCommand((env, say) => restore({ env, path: fileToWorkOn('npm run restore -- FILE'), createDataSource, say }));
