/** The two servers a person is addressed at: by phone number or by the number-hiding LID. */
export type UserServer = 's.whatsapp.net' | 'lid';

/** A person's device. Device 0 is the phone; it is written without `:0`. */
export interface DeviceAddress {
  user: string;
  server: UserServer;
  device: number;
}

const USER_JID = /^(\d+)(?::(\d{1,3}))?@(s\.whatsapp\.net|lid)$/;

/** Undefined for groups, broadcasts, newsletters and anything else that is not one person. */
export function parseJid(jid: string | undefined): DeviceAddress | undefined {
  const parts = USER_JID.exec(jid ?? '');
  if (!parts) return undefined;
  const [, user, device, server] = parts;
  return { user: user as string, server: server as UserServer, device: Number(device ?? 0) };
}

export function formatJid(user: string, server: UserServer, device = 0): string {
  return device === 0 ? `${user}@${server}` : `${user}:${device}@${server}`;
}
