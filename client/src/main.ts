import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/app';
import { appConfig } from './app/app.config';
import { mayHaveSession } from './app/core/auth-store';

// Fetched beside the rest instead of after it; whoever needs it asks for it again, and is told where it fails.
if (mayHaveSession()) import('./app/signed-in.routes').catch(() => undefined);

bootstrapApplication(App, appConfig).catch((failure: unknown) => console.error(failure));
