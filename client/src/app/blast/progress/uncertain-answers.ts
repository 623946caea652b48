/** What people may say of recipients of whom nobody knows whether they have it. */
export const UNCERTAIN_ANSWERS = [
  { as: 'sent', label: 'actions.asSent' },
  { as: 'failed', label: 'actions.asFailed' },
  { as: 'resend', label: 'actions.resend' },
] as const;

export type UncertainAnswer = (typeof UNCERTAIN_ANSWERS)[number];
