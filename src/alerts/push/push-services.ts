import { isIP } from 'node:net';
import type { Egress } from '../../webhooks/egress.js';

/** Whom browsers name as their push service: Chrome and those made of it, Firefox, Safari, Edge. */
const SERVICES = [
  /^(fcm|android|jmt17)\.(googleapis|google)\.com$/,
  /\.push\.services\.mozilla\.com$/,
  /(^|\.)push\.apple\.com$/,
  /\.(notify|wns)\.windows\.com$/,
];

/**
 * Whether messages may be sent there: people name endpoints, and the server asks no other for them than push services
 * over https. An address that `EGRESS_ALLOW` names may be asked for as well, as by those who run one of their own.
 */
export function isPushService(endpoint: string, egress: Egress): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname, port, username, password } = new URL(endpoint);
  if (username !== '' || password !== '') return false;
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) > 0) return egress.isNamed(address) && /^https?:$/.test(protocol);
  return protocol === 'https:' && port === '' && SERVICES.some((service) => service.test(hostname));
}
