import { describe, expect, test } from '@jest/globals';
import { Egress } from './egress.js';

const PUBLIC = ['1.1.1.1', '8.8.8.8', '100.63.255.255', '100.128.0.1', '172.15.0.1', '172.32.0.1', '192.167.1.1'];
const PUBLIC_V6 = ['2606:4700:4700::1111', '2a00:1450:4001:800::200e', '2400:cb00::1', '::ffff:8.8.8.8'];
const INNER = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.0.9'],
  ...['169.254.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.254', '192.0.0.1', '192.0.2.9', '192.88.99.1'],
  ...['192.168.0.1', '198.18.0.1', '198.19.255.255', '198.51.100.7', '203.0.113.7', '224.0.0.1', '239.1.1.1'],
  ...['240.0.0.1', '255.255.255.255'],
];
const INNER_V6 = [
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::FFFF:169.254.169.254', '::ffff:7f00:1', '::127.0.0.1'],
  ...['0:0:0:0:0:ffff:c0a8:0101', '64:ff9b::7f00:1', '64:ff9b:1::a00:1', '2002:7f00:1::', '2001:0:7f00:1::1'],
  ...['2001:db8::1', '3fff::1', 'fc00::1', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '5f00::1'],
  ...['100::1', '4000::1', 'e000::1'],
];

describe('without EGRESS_ALLOW', () => {
  const egress = new Egress([]);
  test.each([...PUBLIC, ...PUBLIC_V6])('%s may be reached', (address) => expect(egress.mayReach(address)).toBe(true));
  test.each([...INNER, ...INNER_V6])('%s may not', (address) => expect(egress.mayReach(address)).toBe(false));
  test.each(['', 'localhost', '127.1', '0x7f000001', '2130706433', 'example.com', '1.2.3.4.5', ':::'])(
    '%j is no address',
    (text) => expect(egress.mayReach(text)).toBe(false),
  );
});

test('what is allowed may be reached, and nothing beside it', () => {
  const egress = new Egress(['10.1.0.0/16', '127.0.0.1/32', 'fd00:1::/32']);
  for (const address of ['10.1.2.3', '127.0.0.1', '::ffff:127.0.0.1', '::ffff:10.1.0.9', 'fd00:1::5'])
    expect([address, egress.mayReach(address)]).toEqual([address, true]);
  for (const address of ['10.2.0.1', '127.0.0.2', '::1', 'fd00:2::5', '169.254.169.254'])
    expect([address, egress.mayReach(address)]).toEqual([address, false]);
});

test('whatever way a URL writes an address, it is the same one', () => {
  const egress = new Egress([]);
  const hosts = [
    ...['127.1', '0x7f.1', '0177.0.0.1', '2130706433', '0x7f000001', '127.0.0.1.', '１２７.0.0.1', '[::1]', '0', '0x0'],
    ...['[::ffff:127.0.0.1]', '[0:0:0:0:0:0:0:1]', '169.254.169.254', '[::ffff:a9fe:a9fe]', '10.0.0.1', 'localhost'],
    ...['LOCALHOST', 'localhost.', 'a.localhost', '[fe80::1]', '[fd00::1]', '[64:ff9b::10.0.0.1]', '127。0。0。1'],
  ];
  const open = hosts.filter((host) => !egress.refusesLiteral(new URL(`http://${host}/`).hostname));
  expect(open).toEqual([]);
  for (const host of ['example.com', '1.1.1.1', '[2606:4700:4700::1111]', 'localhost.example.com'])
    expect(egress.refusesLiteral(new URL(`http://${host}/`).hostname)).toBe(false);
});
