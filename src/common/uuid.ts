const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether this may be one of our ids; anything else is an id nobody has. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
