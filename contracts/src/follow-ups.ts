/** Of whom a blast met, those it is worth asking again; whoever answered is never among them. */
export const FOLLOW_UPS = ['undelivered', 'unread', 'unanswered'] as const;
export type FollowUp = (typeof FOLLOW_UPS)[number];
