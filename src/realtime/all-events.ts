import { CLIENT_EVENTS, SERVER_EVENTS } from '@koneksi/contracts/realtime';
import { LINK_CLIENT_EVENTS, LINK_SERVER_EVENTS } from '@koneksi/contracts/reconnect-links';

/** What is told in any namespace, and what is heard. */
export const ALL_SERVER_EVENTS = { ...SERVER_EVENTS, ...LINK_SERVER_EVENTS };
export const ALL_CLIENT_EVENTS = { ...CLIENT_EVENTS, ...LINK_CLIENT_EVENTS };
