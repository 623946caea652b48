import * as z from 'zod';
import { Id } from './id.ts';
import { RequestInstant } from './instant.ts';
import { Reason } from './outlet-status-schema.ts';
import { Next, pages } from './paging.ts';

const Instant = z.iso.datetime();

export const IncidentOutlet = z.object({
  outletId: z.uuid(),
  name: z.string().describe('As it was called when it broke.'),
  since: Instant,
  until: Instant.nullable().describe('When it was well again, or switched off by a person; null while it is not.'),
});
export type IncidentOutlet = z.infer<typeof IncidentOutlet>;

export const Incident = z
  .object({
    id: z.uuid(),
    reason: Reason.nullable().describe('What broke them; null where database and socket merely disagree.'),
    startedAt: Instant,
    endedAt: Instant.nullable().describe('When the last outlet was well again; null while it lasts.'),
    struck: z.int().describe('How many outlets it ever had, of those you may see.'),
    down: z.int().describe('How many it has now.'),
    acknowledged: z
      .object({ by: z.string(), at: Instant })
      .nullable()
      .describe('Who takes care of it, and since when.'),
    mayAcknowledge: z
      .boolean()
      .describe('Whether you may take care of it: it lasts, and struck nobody else\u2019s outlets.'),
    outlets: z.array(IncidentOutlet).describe('Those it has first; in lists at most three, by its id all.'),
  })
  .describe('Outlets that broke within a minute of each other for one cause: one thing to know, and one to mend.');
export type Incident = z.infer<typeof Incident>;

export const IncidentsQuery = z.strictObject({
  open: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('`true`: those that last; `false`: those that are over.'),
  from: RequestInstant.optional().describe('Those that were not over by then.'),
  to: RequestInstant.optional().describe('Those that began before.'),
  outletId: Id.optional(),
  ...pages(200, 50),
});
export type IncidentsQuery = z.infer<typeof IncidentsQuery>;

export const IncidentPage = z.object({
  items: z.array(Incident).describe('Newest first.'),
  next: Next,
});
export type IncidentPage = z.infer<typeof IncidentPage>;
