import { expect, it } from '@jest/globals';
import { AllowedOrigins } from './allowed-origins.js';

const http = { port: 3000, host: '127.0.0.1', trustProxy: 0 };

it.each<[string, boolean]>([
  ['http://localhost:3000', true],
  ['http://127.0.0.1:3000', true],
  ['http://[::1]:3000', true],
  ['http://localhost:3001', false],
  ['https://localhost:3000', false],
  ['http://localhost:3000.evil.example', false],
  ['http://evil.example', false],
  ['null', false],
  ['', false],
])('by default %s is allowed: %s', (origin, allowed) => {
  expect(new AllowedOrigins({ ...http, publicOrigins: null }).allows(origin)).toBe(allowed);
});

it('leaves a client without an origin to its token', () => {
  expect(new AllowedOrigins({ ...http, publicOrigins: null }).allows(undefined)).toBe(true);
});

it('allows exactly the given origins', () => {
  const origins = new AllowedOrigins({ ...http, publicOrigins: ['https://status.example.com'] });
  expect(origins.allows('https://status.example.com')).toBe(true);
  expect(origins.allows('https://example.com')).toBe(false);
  expect(origins.allows('http://localhost:3000')).toBe(false);
});

it('follows the port that the system chose', () => {
  const origins = new AllowedOrigins({ ...http, port: 0, publicOrigins: null });
  origins.listensOn(41234);
  expect(origins.allows('http://127.0.0.1:41234')).toBe(true);
});
