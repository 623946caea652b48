import type { BinaryNode, WASocket } from '@whiskeysockets/baileys';

/** How long WhatsApp may take over an answer while a device is linked. Milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * The answer to a request as it came, an error too: Baileys' `query` throws it and drops all but its code. `undefined`
 * where none came in time.
 */
export async function exchange(socket: WASocket, request: BinaryNode): Promise<BinaryNode | undefined> {
  const answer = socket.waitForMessage<BinaryNode>(request.attrs['id'] ?? '', ANSWER_WITHIN_MS);
  const [node] = await Promise.all([answer, socket.sendNode(request)]);
  return node;
}
