import { expect, test } from '@jest/globals';
import { tellLimits } from './rate-limits.js';

function answer() {
  const headers: Record<string, string> = {};
  const response = {
    headersSent: false,
    setHeader: (name: string, value: string) => void (headers[name] = value),
  } as unknown as Parameters<typeof tellLimits>[0];
  return { headers, response };
}

test('limits stand beside each other, and the last word on one holds', () => {
  const { headers, response } = answer();
  tellLimits(response, { name: 'requests', quota: 204, left: 203, unit: 'concurrent-requests' });
  tellLimits(response, { name: 'login', quota: 10, left: 7, resetSeconds: 420, windowSeconds: 900 });
  tellLimits(response, { name: 'requests', quota: 204, left: -1, resetSeconds: 10, unit: 'concurrent-requests' });
  expect(headers).toEqual({
    'RateLimit-Policy': '"requests";q=204;qu="concurrent-requests", "login";q=10;w=900',
    RateLimit: '"requests";r=0;t=10, "login";r=7;t=420',
  });
});

test('nothing is said on an answer that is out already, nor where there is nothing to say', () => {
  const { headers, response } = answer();
  tellLimits(response);
  tellLimits({ ...response, headersSent: true }, { name: 'login', quota: 10, left: 7 });
  expect(headers).toEqual({});
});
