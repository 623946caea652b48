import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import type { Counted } from './audience.js';
import { BlastKeys } from './blast-keys.js';

const LASTS_MS = 60 * 60_000;

/**
 * Names what a preview said, so that a blast can be held to it: a keyed digest of the request and of everyone counted.
 * Nothing is kept; whoever asks with the id is counted anew.
 */
@Injectable()
export class PreviewIds {
  constructor(
    private readonly keys: BlastKeys,
    private readonly clock: Clock,
  ) {}

  issue(caller: Caller, request: string, counted: Counted): string {
    return this.of(caller, request, counted, Math.floor(this.clock.wall()));
  }

  /** Whether this is still what the preview said. */
  matches(previewId: string, caller: Caller, request: string, counted: Counted): boolean {
    const at = Number.parseInt(previewId.split('-')[0] ?? '', 36);
    const age = this.clock.wall() - at;
    return age >= 0 && age <= LASTS_MS && previewId === this.of(caller, request, counted, at);
  }

  private of(caller: Caller, request: string, { counts, noNumbers, gone }: Counted, at: number): string {
    const numbers = counts.map(({ outlet_id, reason, count, whose }) => [outlet_id, reason, count, whose]);
    return `${at.toString(36)}-${this.keys.hash(JSON.stringify(['preview', caller.id, at, request, numbers, noNumbers.count, gone]))}`;
  }
}
