import { isEmptyWithout, unknownVariables, variablesOf } from '@koneksi/contracts/blast-template';
import type { BlastVocabulary, PreviewBlast } from '@koneksi/contracts/blasts';
import type { Reason } from '@koneksi/contracts/outlet-status-schema';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { fieldProblem, ValidationFailed, type FieldProblem } from '../common/validation-failed.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { Audience, type AudienceRequest, type PickedOutlet } from './audience.js';
import { instantOf } from './domain/local-time.js';
import { Limits, type OutletLimits } from './limits/limits.js';
import { MediaStore } from './media/media-store.js';
import { OutletHealth } from './outlet-health.js';

/** Of the contacts' own fields, in a sentence about those that there are not. */
const MOST_NAMED = 20;

/** A phone may be late by this much without its schedule lying in the past. Milliseconds. */
const LATE_BY_MS = 60_000;

export interface PlannedOutlet extends PickedOutlet {
  healthy: boolean;
  reason: Reason | null;
  limits: OutletLimits;
  /** When it may begin; `null` for at once. Milliseconds since the epoch. */
  notBefore: number | null;
}

/** A request that was looked at: everything in it exists and may be used by who asks. */
export interface BlastPlan {
  outlets: PlannedOutlet[];
  request: AudienceRequest;
}

/** Checks what a blast asks for. */
@Injectable()
export class BlastPlanner {
  constructor(
    private readonly outlets: OutletsService,
    private readonly health: OutletHealth,
    private readonly limits: Limits,
    private readonly audience: Audience,
    private readonly media: MediaStore,
    private readonly clock: Clock,
  ) {}

  /** @throws `OUTLET_NOT_FOUND` and `VALIDATION_FAILED`, naming each field. */
  async plan(caller: Caller, body: PreviewBlast, locale: Locale): Promise<BlastPlan> {
    const picked = await this.pick(caller, body.outletIds);
    const limits = await this.limits.of(picked.map(({ id }) => id));
    const outlets = picked.flatMap((outlet): PlannedOutlet[] => {
      const limitsOfOne = limits.get(outlet.id);
      if (!limitsOfOne) return [];
      const { healthy, reason } = this.health.of(outlet.id, locale);
      const notBefore = body.scheduledAt === null ? null : instantOf(body.scheduledAt, limitsOfOne.careful.zone);
      // Whether an outlet can send later is seen later.
      return [{ ...outlet, healthy, reason, limits: limitsOfOne, notBefore, sends: healthy || notBefore !== null }];
    });
    await this.check(caller, body, outlets);
    const mayBeEmpty = body.mediaId === null && isEmptyWithout(body.message);
    const request = { outlets, audience: body.audience, variables: variablesOf(body.message), mayBeEmpty };
    return { outlets, request };
  }

  /** What contacts of the caller's outlets offer to messages and audiences. */
  async vocabulary(caller: Caller): Promise<BlastVocabulary> {
    const ids = (await this.outlets.list(caller)).map(({ id }) => id);
    const [fields, tags] = await Promise.all([this.audience.fieldsOf(ids), this.audience.tagsOf(ids)]);
    return { fields: fields.sort(), tags };
  }

  /** @throws `VALIDATION_FAILED` for variables no contact has, and files nobody uploaded. */
  async checkContent(
    caller: Caller,
    outletIds: readonly string[],
    { message, mediaId }: { message: string; mediaId: string | null },
  ): Promise<FieldProblem[]> {
    const problems: FieldProblem[] = [];
    if (unknownVariables(message, []).length > 0) {
      const fields = await this.audience.fieldsOf(outletIds);
      const unknown = unknownVariables(message, fields);
      if (unknown.length > 0) problems.push({ field: 'message', text: unknownTexts(unknown, fields) });
    }
    if (mediaId !== null && !(await this.media.find(caller, mediaId)))
      problems.push(fieldProblem('mediaId', 'MEDIA_UNKNOWN'));
    return problems;
  }

  private async check(caller: Caller, body: PreviewBlast, outlets: readonly PlannedOutlet[]): Promise<void> {
    const ids = outlets.map(({ id }) => id);
    const problems = await this.checkContent(caller, ids, body);
    if (outlets.length === 0) problems.push(fieldProblem('outletIds', 'OUTLETS_NEEDED'));
    const tooLate = this.clock.now() - LATE_BY_MS;
    if (outlets.some(({ notBefore }) => notBefore !== null && notBefore < tooLate))
      problems.push(fieldProblem('scheduledAt', 'IN_THE_PAST'));
    if (problems.length > 0) throw new ValidationFailed(problems);
  }

  private async pick(caller: Caller, outletIds: PreviewBlast['outletIds']): Promise<{ id: string; name: string }[]> {
    if (outletIds === 'all') return (await this.outlets.list(caller)).filter(({ isActive }) => isActive);
    const visible = new Map((await this.outlets.list(caller)).map((outlet) => [outlet.id, outlet]));
    const chosen = [...new Set(outletIds.map((id) => id.toLowerCase()))];
    return Promise.all(chosen.map(async (id) => visible.get(id) ?? this.outlets.require(caller, id)));
  }
}

function unknownTexts(names: readonly string[], fields: readonly string[]): FieldProblem['text'] {
  const list = (all: readonly string[]): string => all.map((name) => `{{${name}}}`).join(', ');
  const known = list(['nama', 'outlet', ...fields.toSorted().slice(0, MOST_NAMED)]);
  return {
    id: `Variabel tidak dikenal: ${list(names)}. Yang ada: ${known}.`,
    en: `Unknown variables: ${list(names)}. There are ${known}.`,
  };
}
