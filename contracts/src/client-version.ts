import * as z from 'zod';

/** The answer of `GET /client-version` and `POST /client-version/refresh`. */
export const ClientVersionAnswer = z.object({
  success: z.literal(true),
  version: z.string().describe('The WhatsApp Web version that Koneksi shows: `2.3000.N`.'),
  source: z
    .enum(['pinned', 'whatsapp', 'library'])
    .describe('Set by `WA_VERSION`, told by WhatsApp\u2019s site, or the one Koneksi was built with.'),
  asks: z.boolean().describe('Whether Koneksi asks that site at all: not where the version is pinned.'),
  askedAt: z.iso.datetime().nullable().describe('When that site was last asked since the start; null where it is not.'),
  askFailed: z.boolean().describe('Whether it told nothing then.'),
  old: z.boolean().describe('Whether phones may refuse to link it by now: the warning `CLIENT_OLD`.'),
  confirmedAt: z.iso.datetime().nullable().describe('When WhatsApp\u2019s site last told its version.'),
});
export type ClientVersionAnswer = z.infer<typeof ClientVersionAnswer>;
