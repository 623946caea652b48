import { BlockList, isIP, isIPv6 } from 'node:net';

/** What no public service answers at: IANA's registries of special-purpose addresses, and multicast. */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Of what is global unicast, `2000::/3`; all else, such as `fc00::/7`, is none. The first three lead on to IPv4 ones. */
const PUBLIC_V6 = '2000::/3';
const NOT_PUBLIC_V6 = ['2002::/16', '2001::/23', '2620:4f:8000::/48', '2001:db8::/32', '3fff::/20'];

/** Which addresses an outgoing request may reach, whatever name led there. */
export class Egress {
  private readonly allowed: BlockList;
  private readonly notPublicV4 = networks(NOT_PUBLIC_V4);
  private readonly publicV6 = networks([PUBLIC_V6]);
  private readonly notPublicV6 = networks(NOT_PUBLIC_V6);

  /** @param allow CIDRs that may be reached besides public addresses */
  constructor(allow: readonly string[]) {
    this.allowed = networks(allow);
  }

  mayReach(address: string): boolean {
    const plain = withoutZone(address);
    const version = isIP(plain);
    if (version === 0) return false;
    // An IPv4 address may be written as an IPv6 one, and is the same.
    const mapped = version === 6 ? mappedIPv4(plain) : null;
    if (mapped !== null) return this.mayReach(mapped);
    if (this.allowed.check(plain, version === 6 ? 'ipv6' : 'ipv4')) return true;
    if (version === 4) return !this.notPublicV4.check(plain, 'ipv4');
    return this.publicV6.check(plain, 'ipv6') && !this.notPublicV6.check(plain, 'ipv6');
  }

  /** Whether an address is among those that may be reached besides public ones. */
  isNamed(address: string): boolean {
    return this.allowed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }

  /** Whether a host is an address, written as URLs write them, that may not be reached; names are judged when asked for. */
  refusesLiteral(hostname: string): boolean {
    const address = hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(address) > 0) return !this.mayReach(address);
    return /^localhost\.?$|\.localhost\.?$/i.test(hostname) && !this.mayReach('127.0.0.1');
  }
}

const withoutZone = (address: string): string => address.split('%')[0]!;

function mappedIPv4(address: string): string | null {
  if (!isIPv6(address)) return null;
  // `URL` writes each the same way: `::ffff:7f00:1`.
  const host = new URL(`http://[${address}]/`).hostname;
  const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(host) ?? [];
  if (high === undefined || low === undefined) return null;
  const [first, second] = [parseInt(high, 16), parseInt(low, 16)];
  return [first >> 8, first & 255, second >> 8, second & 255].join('.');
}

function networks(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix] = cidr.split('/');
    list.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}
