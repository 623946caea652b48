import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';

export interface Names {
  /** Of the system where none are named. */
  servers?: readonly string[];
  hostsFile?: string;
}

export interface Address {
  address: string;
  family: 4 | 6;
}

/** The first wait for a name server; the second is twice as long, then the next server is asked. */
const ANSWER_MS = 1_000;
const TRIES = 2;
const HOSTS_FILE =
  process.platform === 'win32'
    ? join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts')
    : '/etc/hosts';
/** What these names lead to is no question to a name server: RFC 6761, section 6.3. */
const LOOPBACK: Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

export class NameUnknown extends Error {
  readonly code = 'NAME_UNKNOWN';
}

/**
 * The addresses of a name: by the hosts file, else by the name servers of the system. It is asked without the system's
 * own lookup, which holds one of the few threads that passwords and files are waited for on, for as long as a dead name
 * server lets it. Names are taken as they are written: no search domains, no mDNS.
 *
 * @param signal ends the question; whoever asked has gone
 * @throws {NameUnknown}
 */
export async function addressesOf(name: string, signal: AbortSignal, names: Names = {}): Promise<Address[]> {
  const plain = name.replace(/\.$/, '').toLowerCase();
  const written = addressesIn(await readFile(names.hostsFile ?? HOSTS_FILE, 'utf8').catch(() => ''), plain);
  if (written.length > 0) return written;
  if (/(^|\.)localhost$/.test(plain)) return LOOPBACK;
  const resolver = new Resolver({ timeout: ANSWER_MS, tries: TRIES });
  if (names.servers) resolver.setServers([...names.servers]);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (signal.aborted) throw new NameUnknown('not asked for any more');
    const [four, six] = await Promise.allSettled([resolver.resolve4(plain), resolver.resolve6(plain)]);
    const found = [...of(four, 4), ...of(six, 6)];
    if (found.length === 0) throw new NameUnknown('no address of this name is known');
    return found;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function of(answer: PromiseSettledResult<string[]>, family: 4 | 6): Address[] {
  return answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : [];
}

/** Each line is an address and its names; what follows a # is for people. */
function addressesIn(hosts: string, name: string): Address[] {
  return hosts.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.split('#', 1)[0]!.trim().toLowerCase().split(/\s+/);
    const family = isIP(address.split('%', 1)[0]!);
    return (family === 4 || family === 6) && names.includes(name) ? [{ address, family }] : [];
  });
}
