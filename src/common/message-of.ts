/** What is told of something that was thrown: its message, and nothing of what else it may carry. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown error');
