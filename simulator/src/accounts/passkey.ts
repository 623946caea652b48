import { createHash, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { SimulatorError } from '../simulator-error.js';

/** Whose passkeys these are: only pages of this site can use them. */
const RELYING_PARTY = 'whatsapp.com';
const WHATSAPP_WEB = 'https://web.whatsapp.com';
/** User present, user verified. */
const FLAGS = 0x05;

interface Assertion {
  rawId: string;
  type: string;
  response: { clientDataJSON: string; authenticatorData: string; signature: string };
}

/** A WebAuthn credential (ES256) of one account, as a password manager or security key holds it. */
export class Passkey {
  readonly credentialId = randomBytes(16);
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  /** `PublicKeyCredentialRequestOptions` as JSON, bytes in base64url (tulir/whatsmeow types, `WebAuthnPublicKey`). */
  requestOptions(challenge: Buffer, timeoutMs: number): string {
    return JSON.stringify({
      challenge: challenge.toString('base64url'),
      timeout: timeoutMs,
      rpId: RELYING_PARTY,
      allowCredentials: [
        { id: this.credentialId.toString('base64url'), type: 'public-key', transports: ['hybrid', 'internal'] },
      ],
      userVerification: 'required',
      extensions: {},
    });
  }

  /**
   * What `navigator.credentials.get()` yields on a page of `origin` once its owner agreed, as JSON. Throws PASSKEY_REFUSED
   * for a page of another site, as browsers do.
   */
  assert(options: string, origin = WHATSAPP_WEB): string {
    const { challenge } = JSON.parse(options) as { challenge: string };
    const { hostname } = new URL(origin);
    if (hostname !== RELYING_PARTY && !hostname.endsWith(`.${RELYING_PARTY}`))
      throw new SimulatorError('PASSKEY_REFUSED', `No browser uses a passkey of ${RELYING_PARTY} on ${origin}.`);
    const clientData = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false }));
    const authenticatorData = Buffer.concat([sha256(RELYING_PARTY), Buffer.of(FLAGS, 0, 0, 0, 1)]);
    const signature = sign('sha256', signedPart(authenticatorData, clientData), this.keys.privateKey);
    const id = this.credentialId.toString('base64url');
    const response = {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle: null,
    };
    return JSON.stringify({ id, rawId: id, type: 'public-key', response });
  }

  /** Whether an assertion is this credential's word on the challenge, given on a page of WhatsApp's. */
  proves(assertion: string, credentialId: Buffer, challenge: Buffer): boolean {
    try {
      const { rawId, type, response } = JSON.parse(assertion) as Assertion;
      const [clientData, authenticatorData, signature] = [
        response.clientDataJSON,
        response.authenticatorData,
        response.signature,
      ].map((text) => Buffer.from(text, 'base64url')) as [Buffer, Buffer, Buffer];
      const told = JSON.parse(clientData.toString('utf8')) as { type: string; challenge: string; origin: string };
      return (
        type === 'public-key' &&
        credentialId.equals(this.credentialId) &&
        Buffer.from(rawId, 'base64url').equals(this.credentialId) &&
        told.type === 'webauthn.get' &&
        Buffer.from(told.challenge, 'base64url').equals(challenge) &&
        told.origin === WHATSAPP_WEB &&
        authenticatorData.subarray(0, 32).equals(sha256(RELYING_PARTY)) &&
        verify('sha256', signedPart(authenticatorData, clientData), this.keys.publicKey, signature)
      );
    } catch {
      // no JSON, or no assertion in it
      return false;
    }
  }
}

function signedPart(authenticatorData: Buffer, clientData: Buffer): Buffer {
  return Buffer.concat([authenticatorData, sha256(clientData)]);
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
