import { provideBrowserGlobalErrorListeners } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { LinkPage } from './link-page';

bootstrapApplication(LinkPage, { providers: [provideBrowserGlobalErrorListeners()] }).catch((failure: unknown) =>
  console.error(failure),
);
