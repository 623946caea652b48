import * as z from 'zod';

/** Bytes as WebAuthn writes them in JSON: base64url without padding. */
const bytes = (most: number): z.ZodString =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[A-Za-z0-9_-]+$/);

const ASSERTION = {
  id: 'q83vEjRWeJCrze8SNFZ4kA',
  rawId: 'q83vEjRWeJCrze8SNFZ4kA',
  type: 'public-key',
  response: {
    clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiVTJGc2RBIn0',
    authenticatorData: 'ZmFrZSBhdXRoZW50aWNhdG9yIGRhdGE',
    signature: 'ZmFrZSBzaWduYXR1cmU',
    userHandle: null,
  },
} as const;

/**
 * The body of `POST /outlets/:id/passkey`: what `PublicKeyCredential.toJSON()` gives for the options of
 * `GET /outlets/:id/passkey` (W3C WebAuthn 3, `AuthenticationResponseJSON`), with what of it goes no further.
 */
export const PasskeyAssertion = z
  .strictObject({
    id: bytes(1_400),
    rawId: bytes(1_400),
    type: z.literal('public-key'),
    response: z.strictObject({
      clientDataJSON: bytes(8_192),
      authenticatorData: bytes(4_096),
      signature: bytes(2_048),
      userHandle: bytes(256).nullable().default(null),
      attestationObject: bytes(8_192).nullish(),
    }),
    authenticatorAttachment: z.string().max(100).nullish(),
    clientExtensionResults: z.looseObject({}).optional(),
  })
  .meta({ examples: [ASSERTION] });
export type PasskeyAssertion = z.infer<typeof PasskeyAssertion>;

/** `PublicKeyCredentialRequestOptionsJSON` as WhatsApp sent it. */
export const PasskeyOptions = z.looseObject({ challenge: bytes(2_048) });
export type PasskeyOptions = z.infer<typeof PasskeyOptions>;

/** Where linking by a passkey stands: an assertion is wanted, is being checked, or both codes are to be compared. */
export const PASSKEY_STEPS = ['asked', 'checking', 'comparing'] as const;

const Step = z.enum(PASSKEY_STEPS);
const Code = z
  .string()
  .nullable()
  .describe('`XXXX-XXXX`, which the phone shows alike where it shows one; `null` before it is known.');
const ExpiresAt = z.iso.datetime().describe('After this WhatsApp takes no assertion for this request any more.');

export const PasskeyRequest = z
  .object({
    options: PasskeyOptions.describe('For `navigator.credentials.get({publicKey})` on a page of WhatsApp’s.'),
    expiresAt: ExpiresAt,
    step: Step,
    code: Code,
  })
  .meta({
    examples: [
      {
        options: {
          challenge: 'U2FsdA',
          timeout: 300_000,
          rpId: 'whatsapp.com',
          allowCredentials: [{ id: ASSERTION.id, type: 'public-key', transports: ['hybrid', 'internal'] }],
          userVerification: 'required',
        },
        expiresAt: '2026-11-27T03:05:00.000Z',
        step: 'asked',
        code: null,
      },
    ],
  });
export type PasskeyRequest = z.infer<typeof PasskeyRequest>;

export const PasskeyCode = z
  .object({ success: z.literal(true), code: z.string().describe('`XXXX-XXXX`, to compare.'), expiresAt: ExpiresAt })
  .meta({ examples: [{ success: true, code: 'K7QX-3M9P', expiresAt: '2026-11-27T03:05:00.000Z' }] });
export type PasskeyCode = z.infer<typeof PasskeyCode>;

/** The body of `POST /outlets/:id/passkey/confirm`: what a person saw, so that nobody confirms what took its place meanwhile. */
export const PasskeyConfirmation = z
  .strictObject({ code: z.string().regex(/^[1-9A-HJ-NP-TV-Z]{4}-[1-9A-HJ-NP-TV-Z]{4}$/) })
  .meta({ examples: [{ code: 'K7QX-3M9P' }] });
export type PasskeyConfirmation = z.infer<typeof PasskeyConfirmation>;

export const PasskeyChange = z
  .object({
    outletId: z.uuid(),
    expiresAt: ExpiresAt.nullable(),
    step: Step.nullable().describe('`null` when WhatsApp waits no longer.'),
  })
  .describe('To admins who watch this outlet\u2019s QR only; what is asked for is read by `GET /outlets/:id/passkey`.');
export type PasskeyChange = z.infer<typeof PasskeyChange>;
