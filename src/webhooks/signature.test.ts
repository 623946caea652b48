import { expect, test } from '@jest/globals';
import { newSecret, signedHeaders } from './signature.js';

// The example of the specification.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';

test('signs as the specification does', () => {
  expect(signedHeaders(ID, 1_614_265_330_999, '{"test": 2432232314}', [SECRET])).toEqual({
    'webhook-id': ID,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('signs by each secret that holds', () => {
  const signed = signedHeaders(ID, 1_614_265_330_000, '{"test": 2432232314}', [newSecret(), SECRET]);
  expect(signed['webhook-signature']!.split(' ')).toEqual([
    expect.stringMatching(/^v1,[\w+/]{43}=$/),
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  ]);
});

test('each secret is another, of 24 bytes', () => {
  const secrets = [newSecret(), newSecret()];
  expect(new Set(secrets).size).toBe(2);
  for (const secret of secrets) expect(secret).toMatch(/^whsec_[\w+/]{32}$/);
});
