import type { Routes } from '@angular/router';

export const BLAST_ROUTES: Routes = [
  { path: '', loadComponent: () => import('./blast-list-page').then((module) => module.BlastListPage) },
  { path: 'new', loadComponent: () => import('./compose/compose-page').then((module) => module.ComposePage) },
  {
    path: 'repeating',
    loadComponent: () => import('./repeating/repeating-page').then((module) => module.RepeatingPage),
  },
  { path: ':id', loadComponent: () => import('./progress/progress-page').then((module) => module.ProgressPage) },
];
