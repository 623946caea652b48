import * as z from 'zod';

/** The second step of a log-in, for whoever asked for one: the password was right, and nobody is signed in yet. */
export interface SecondStep {
  secondFactor: 'totp';
  /** For `POST /auth/login/second-factor`, once the code is known. */
  ticket: string;
  /** Seconds until the password has to be given anew. */
  expiresIn: number;
}
export const SecondStep: z.ZodType<SecondStep> = z.object({
  secondFactor: z.literal('totp'),
  ticket: z.string(),
  expiresIn: z.int(),
});

/** Six digits of the app, or a recovery code; blanks and dashes between them do not matter. */
const Code = z.string().trim().min(1).max(40);

export const CompleteLogin = z.strictObject({ ticket: z.string().max(300), code: Code });
export type CompleteLogin = z.infer<typeof CompleteLogin>;

export interface SecondFactor {
  /** `null`: the password is enough. */
  enabledAt: string | null;
  recoveryCodesLeft: number;
}
export const SecondFactor: z.ZodType<SecondFactor> = z.object({
  enabledAt: z.iso.datetime().nullable(),
  recoveryCodesLeft: z.int(),
});

export const StartSecondFactor = z.strictObject({ currentPassword: z.string().max(200) });
export type StartSecondFactor = z.infer<typeof StartSecondFactor>;

/** Shown once: what the app is to know. */
export interface SecondFactorSecret {
  /** Base32, for whoever types it. */
  secret: string;
  /** `otpauth://…`, for a QR. */
  uri: string;
}
export const SecondFactorSecret: z.ZodType<SecondFactorSecret> = z.object({ secret: z.string(), uri: z.string() });

export const SecondFactorCode = z.strictObject({ code: Code });
export type SecondFactorCode = z.infer<typeof SecondFactorCode>;

/** Shown once: only their hashes are kept. */
export interface RecoveryCodes {
  recoveryCodes: string[];
}
export const RecoveryCodes: z.ZodType<RecoveryCodes> = z.object({ recoveryCodes: z.array(z.string()) });
