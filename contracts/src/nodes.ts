import * as z from 'zod';
import { Id } from './id.ts';

export const ClusterNode = z.object({
  id: Id.describe('New with every start.'),
  url: z.string().describe('Where it listens, as it knows itself.'),
  version: z.string(),
  startedAt: z.iso.datetime(),
  outlets: z.int().describe('How many it owns.'),
  leaving: z.boolean().describe('It hands over what it owns and takes nothing.'),
  self: z.boolean().describe('The node that answers.'),
});
export type ClusterNode = z.infer<typeof ClusterNode>;

export const NodeList = z.object({ nodes: z.array(ClusterNode) });
export type NodeList = z.infer<typeof NodeList>;
