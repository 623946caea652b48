import * as z from 'zod';
import { Id } from './id.ts';

export const ClusterNode = z.object({
  id: Id.describe('New with every start.'),
  url: z.string().describe('Where it listens, as it knows itself.'),
  version: z.string(),
  startedAt: z.iso.datetime(),
  outlets: z.int().describe('How many it owns.'),
  leaving: z
    .boolean()
    .describe('It hands over what it owns and takes nothing: its process ends, or a person drained it.'),
  drained: z.boolean().describe('A person had it drained. Where nobody else is left it stands in all the same.'),
  beatAgeMs: z
    .int()
    .nonnegative()
    .nullable()
    .describe(
      'How long ago the node that answers saw it beat, by that node\u2019s own clock; `null` where it has not yet. It beats every 3 s and is taken for dead after 12 s.',
    ),
  silent: z.boolean().describe('It missed two beats.'),
  claims: z
    .boolean()
    .describe('It takes outlets: it stays, and knows the newest step of the database that any who stays knows.'),
  self: z.boolean().describe('The node that answers.'),
});
export type ClusterNode = z.infer<typeof ClusterNode>;

export const NodeList = z.object({ nodes: z.array(ClusterNode) });
export type NodeList = z.infer<typeof NodeList>;
