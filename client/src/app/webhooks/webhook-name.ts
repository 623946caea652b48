/** What people tell a webhook by: where it leads, without what may be a token in its query. */
export function webhookName(url: string): string {
  const { host, pathname } = new URL(url);
  return host + (pathname === '/' ? '' : pathname);
}
