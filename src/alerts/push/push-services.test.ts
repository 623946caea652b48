import { expect, test } from '@jest/globals';
import { Egress } from '../../webhooks/egress.js';
import { isPushService } from './push-services.js';

const nothingNamed = new Egress([]);
const loopback = new Egress(['127.0.0.0/8']);

test.each([
  'https://fcm.googleapis.com/fcm/send/abc:def',
  'https://updates.push.services.mozilla.com/wpush/v2/gAAA',
  'https://web.push.apple.com/QGg',
  'https://wns2-par02p.notify.windows.com/w/?token=x',
])('%s is one', (endpoint) => {
  expect(isPushService(endpoint, nothingNamed)).toBe(true);
});

test.each([
  'http://fcm.googleapis.com/fcm/send/abc',
  'https://fcm.googleapis.com.example.com/x',
  'https://example.com/fcm.googleapis.com',
  'https://evil.com#.push.apple.com',
  'https://notify.windows.com.evil.com/',
  'https://user:word@fcm.googleapis.com/x',
  'https://localhost/x',
  'https://127.0.0.1/x',
  'https://[::1]/x',
  'https://[::ffff:127.0.0.1]/x',
  'https://169.254.169.254/latest',
  'https://10.0.0.1/x',
  'https://8.8.8.8/x',
  'ftp://fcm.googleapis.com/x',
  'https://fcm.googleapis.com:22/x',
  'https://fcm.googleapis.com./x',
  'https://push.apple.com:8443/x',
  'https://2130706433/x',
  'file:///etc/passwd',
  '//fcm.googleapis.com/x',
  '',
])('%s is none', (endpoint) => {
  expect(isPushService(endpoint, nothingNamed)).toBe(false);
});

test('an address that the operator names may be one, and no other is by that', () => {
  expect(isPushService('http://127.0.0.1:8080/x', loopback)).toBe(true);
  expect(isPushService('https://10.0.0.1/x', loopback)).toBe(false);
  expect(isPushService('http://localhost/x', loopback)).toBe(false);
});
