import type { SkipReason } from '@koneksi/contracts/blast-states';
import { renderMessage } from '@koneksi/contracts/blast-template';
import type { BlastPreview, OutletPreview } from '@koneksi/contracts/blast-preview';
import type { PreviewBlast } from '@koneksi/contracts/blast-requests';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { withWayOut } from '@koneksi/contracts/way-out';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { Gate } from '../common/gate.js';
import { Audience, type AudienceCounts, type Foreseen, type SampleRow } from './audience.js';
import { outletsOf } from './blast-reader.js';
import { BlastPlanner, requestOf, type BlastPlan, type PlannedOutlet } from './blast-plan.js';
import { toEstimate } from './domain/estimate.js';
import { PreviewIds } from './preview-ids.js';
import { Repeats, toRepeat } from './repeats.js';
import { aheadOf, WorkAhead, type WaitingPart } from './work-ahead.js';

/** What begins within it was pressed before this is. Milliseconds. */
const UNDO_MS = 60_000;

interface Typed {
  message: string;
  /** What stands below it. */
  wayOut: string | null;
}

/** Shows what a blast would do. */
@Injectable()
export class BlastPreviewer {
  /** Each reads every contact meant, and holds a connection of the database meanwhile. */
  private readonly gate = new Gate({ atOnce: 2, waiting: 5, patienceMs: 10_000 });

  constructor(
    private readonly planner: BlastPlanner,
    private readonly audience: Audience,
    private readonly repeats: Repeats,
    private readonly ids: PreviewIds,
    private readonly work: WorkAhead,
    private readonly clock: Clock,
  ) {}

  /** @throws {TooManyAttempts} */
  preview(caller: Caller, body: PreviewBlast, locale: Locale): Promise<BlastPreview> {
    return this.gate.pass(caller.id, () => this.foresee(caller, body, locale));
  }

  private async foresee(caller: Caller, body: PreviewBlast, locale: Locale): Promise<BlastPreview> {
    const plan = await this.planner.plan(caller, body, locale);
    const same = await this.repeats.of(caller, body, body.replaces);
    const seen = await this.audience.count(plan.request, plan.slots, {
      sameWords: same.map(({ id }) => id),
      replaced: body.replaces === null ? [] : [body.replaces],
      outletIds: outletsOf(caller),
    });
    this.planner.checkLength(plan, body, seen.filled);
    const typed = { message: body.message, wayOut: plan.wayOut.line };
    const ids = plan.outlets.map(({ id }) => id);
    const waiting = (await this.work.at(ids, null)).filter(({ blast_id }) => blast_id !== body.replaces);
    const outlets = plan.outlets.map((outlet) => this.toOutlet(outlet, typed, seen, waiting));
    const recipients = outlets.reduce((sum, outlet) => sum + outlet.recipients, 0);
    const ends = outlets.flatMap(({ estimate }) => (estimate ? [estimate.finishesAt] : []));
    return {
      success: true,
      outlets,
      recipients,
      skipped: skippedOf(seen),
      noNumbers: seen.noNumbers,
      missing: seen.missing,
      worst: worstOf(plan, typed, seen),
      repeat: toRepeat(same, seen.repeats, seen.repeated, recipients),
      waiting: seen.waiting && { ...seen.waiting, of: recipients },
      tooLate: outlets.reduce((sum, { estimate }) => sum + (estimate?.tooLate ?? 0), 0),
      unknownTags: await this.planner.unknownTags(plan.request),
      previewId: this.ids.issue(caller, requestOf(body), seen),
      finishesAt: ends.includes(null) ? null : (ends.sort().at(-1) ?? null),
      wayOut: plan.wayOut,
    };
  }

  private toOutlet(
    outlet: PlannedOutlet,
    typed: Typed,
    seen: Foreseen,
    waiting: readonly WaitingPart[],
  ): OutletPreview {
    const counts = seen.counts.filter((row) => row.outlet_id === outlet.id);
    const sample = seen.samples.find((row) => row.outlet_id === outlet.id);
    const reached = counts.find(({ reason }) => reason === null);
    return {
      outletId: outlet.id,
      outletName: outlet.name,
      healthy: outlet.healthy,
      reason: outlet.reason,
      recipients: reached?.count ?? 0,
      newChats: reached?.new_chats ?? 0,
      restrictedUntil: isoOf(outlet.limits.restrictedUntil),
      limits: outlet.limits.whatsapp,
      skipped: Object.fromEntries(counts.flatMap(({ reason, count }) => (reason ? [[reason, count]] : []))),
      sample: sample ? { phone: sample.number, name: sample.name, text: textFor(sample, typed, outlet.name) } : null,
      estimate: reached ? this.estimate(outlet, reached, waiting) : null,
    };
  }

  private estimate(
    { id, limits, notBefore, notAfter }: PlannedOutlet,
    reached: AudienceCounts,
    waiting: readonly WaitingPart[],
  ): OutletPreview['estimate'] {
    const now = this.clock.wall();
    const recipients = { newChats: reached.new_chats, knownChats: reached.count - reached.new_chats };
    const start = Math.max(now, notBefore ?? 0);
    const last = notBefore === null ? start + UNDO_MS : start;
    const place = { blast_id: '~', outlet_id: id, kind: 'blast', begun: null, from: last } as const;
    return toEstimate(now, start, recipients, limits, notAfter, aheadOf(place, waiting, now));
  }
}

function skippedOf({ counts, noNumbers, gone }: Foreseen): Partial<Record<SkipReason, number>> {
  const skipped: Partial<Record<SkipReason, number>> = {
    ...(noNumbers.count > 0 && { INVALID: noNumbers.count }),
    ...(gone > 0 && { CONTACT_GONE: gone }),
  };
  for (const { reason, count } of counts) if (reason) skipped[reason] = (skipped[reason] ?? 0) + count;
  return skipped;
}

function worstOf({ outlets }: BlastPlan, typed: Typed, { worst }: Foreseen): BlastPreview['worst'] {
  const outlet = worst && outlets.find(({ id }) => id === worst.outlet_id);
  if (!outlet) return null;
  const { number: phone, name, missing } = worst;
  return {
    outletId: outlet.id,
    outletName: outlet.name,
    phone,
    name,
    text: textFor(worst, typed, outlet.name),
    missing,
  };
}

const textFor = ({ name, params }: SampleRow, { message, wayOut }: Typed, outlet: string): string =>
  withWayOut(renderMessage(message, { ...params, nama: name ?? '', outlet }), wayOut);

const isoOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
