import type { Account } from '../../accounts/account.js';
import type { Device } from '../../accounts/device.js';
import { type Stanza, stanza } from '../../wire/stanza.js';

/** Who asks. */
export interface Asker {
  account: Account;
  device: Device;
}

/** Answers one kind of iq: a child for the result, nothing for an empty result. Throws IqError to refuse. */
export type IqHandler = (request: Stanza, asker: Asker) => Stanza | undefined;

/** `<error code text/>`: the client's query rejects with the code as its data. */
export class IqError extends Error {
  override readonly name = 'IqError';

  constructor(
    readonly code: string,
    text: string,
  ) {
    super(text);
  }
}

export function errorChild({ code, message }: IqError): Stanza {
  return stanza('error', { code, text: message });
}
