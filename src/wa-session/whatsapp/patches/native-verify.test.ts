import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Curve, generateSignalPubKey } from '@whiskeysockets/baileys';
import curve from 'curve25519-js';
import { isSignedBy, verifyNatively } from './native-verify.js';

const signed = (message: Buffer) => {
  const { public: publicKey, private: privateKey } = Curve.generateKeyPair();
  return {
    publicKey: Buffer.from(publicKey),
    message,
    signature: Buffer.from(Curve.sign(Buffer.from(privateKey), message)),
  };
};

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
};

test('accepts what libsignal signed, with either sign of the key', () => {
  for (let count = 0; count < 8; count++) {
    const { publicKey, message, signature } = signed(randomBytes(count * 17));
    expect(isSignedBy(publicKey, message, signature)).toBe(true);
  }
});

test('what is signed well is not reckoned in JavaScript, and forgeries are judged as the original does', () => {
  const original = curve.verify;
  let asked = 0;
  curve.verify = (...parts) => {
    asked++;
    return original(...parts);
  };
  const { publicKey, message, signature } = signed(Buffer.from('a certificate'));
  const verify = () => Curve.verify(generateSignalPubKey(publicKey), message, signature);
  // Bare: each signature that Baileys looks at is reckoned in JavaScript.
  verify();
  expect(asked).toBe(1);
  verifyNatively();
  verify();
  expect(asked).toBe(1);
  expect(curve.verify(publicKey, message, signature)).toBe(true);
  const forgeries: [key: Buffer, message: Buffer, signature: Buffer][] = [
    [publicKey, flipped(message, 0), signature],
    [publicKey, message, flipped(signature, 0)],
    [publicKey, message, flipped(signature, 40)],
    [flipped(publicKey, 5), message, signature],
    [Buffer.alloc(32), message, signature],
    [Buffer.from(`ec${'ff'.repeat(30)}7f`, 'hex'), message, signature],
  ];
  for (const forgery of forgeries) {
    expect(original(...forgery)).toBe(false);
    expect(curve.verify(...forgery)).toBe(false);
  }
});
