import type { WAVersion } from '@whiskeysockets/baileys';
import { parseVersion } from './version-number.js';

/** How long WhatsApp's site may take to tell its version. Milliseconds. */
const FETCH_WITHIN_MS = 10_000;
/** What WhatsApp's site wants to see of a browser before it answers with its script. */
const HEADERS = {
  'sec-fetch-site': 'none',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
};
const REVISION = /\\?"client_revision\\?":\s*(\d{6,12})/;

/** The version in the script at `url`, which is the operator's and nobody else's. @throws where it tells none */
export async function versionTold(url: string): Promise<WAVersion> {
  const response = await fetch(url, { headers: HEADERS, signal: AbortSignal.timeout(FETCH_WITHIN_MS) });
  const told = parseVersion(`2.3000.${REVISION.exec(await response.text())?.[1] ?? ''}`);
  if (!response.ok || told === null) throw new Error(`an answer without a version, HTTP ${response.status}`);
  return told;
}
