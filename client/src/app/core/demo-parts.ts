import type { DemoParts } from './demo-part-types';

/** Replaced by `src/demo/demo-parts.ts` in the demo's build alone: no other build holds any of it. */
export const DEMO_PARTS: DemoParts | null = null;
