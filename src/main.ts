import { startApp } from './app.js';
import { runProcess } from './run-process.js';

await runProcess((hooks) => startApp({ env: process.env, ...hooks }));
