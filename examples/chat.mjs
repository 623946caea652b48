// Tells a chat when an outlet needs a person, and when it is well again. Slack, Mattermost, Google Chat and others take
// `{text}` at an incoming webhook. What happened while this did not run is told when it runs again.
//
//   npm install ./koneksi-client-0.1.0.tgz
//   KONEKSI_URL=http://localhost:3000 KONEKSI_KEY=kon_… CHAT_URL=https://chat.example/hooks/… node chat.mjs
import { readFile, rename, writeFile } from 'node:fs/promises';
import { Koneksi } from '@koneksi/client';

const {
  KONEKSI_URL = 'http://localhost:3000',
  KONEKSI_KEY = '',
  CHAT_URL = '',
  CURSOR_FILE = 'koneksi-cursor',
} = process.env;

const koneksi = new Koneksi({
  url: KONEKSI_URL,
  token: KONEKSI_KEY,
  cursor: {
    load: () => readFile(CURSOR_FILE, 'utf8').then(Number, () => null),
    save: async (cursor) => {
      // Never half a number, whenever this is killed.
      await writeFile(`${CURSOR_FILE}.next`, String(cursor));
      await rename(`${CURSOR_FILE}.next`, CURSOR_FILE);
    },
  },
  onChange: async ({ status: { outlet, session, reason }, previous }) => {
    if (session.status === previous) return;
    if (session.status === 'CONNECTED') await post(`✓ ${outlet.name}`);
    if (session.status === 'FAILED') await post(`⚠ ${outlet.name}: ${reason?.message} ${reason?.action}`);
  },
  onConnection: ({ state, code = '' }) => console.error(`Koneksi: ${state} ${code}`),
  onError: (error) => console.error(error),
});

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void koneksi.close());

/** What fails here is told again later by the client, in its order. */
async function post(text) {
  const response = await fetch(CHAT_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`the chat answered ${response.status}`);
}
