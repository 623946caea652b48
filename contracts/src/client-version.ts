import * as z from 'zod';

/** The answer of `GET /client-version`. */
export const ClientVersionAnswer = z.object({
  success: z.literal(true),
  version: z.string().describe('The WhatsApp Web version that Koneksi shows: `2.3000.N`.'),
  source: z
    .enum(['pinned', 'whatsapp', 'library'])
    .describe('Set by `WA_VERSION`, told by WhatsApp\u2019s site, or the one Koneksi was built with.'),
  confirmedAt: z.iso.datetime().nullable().describe('When WhatsApp\u2019s site last told its version.'),
});
export type ClientVersionAnswer = z.infer<typeof ClientVersionAnswer>;
