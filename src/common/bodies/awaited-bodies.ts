import type { IncomingMessage, Server, ServerResponse } from 'node:http';

const held = new WeakMap<IncomingMessage, ServerResponse>();

/** Who asks first whether a body is wanted (`Expect: 100-continue`) hears it from whoever reads it, and a refusal before. */
export function holdBodiesBack(server: Server): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/api/')) held.set(request, response);
    else response.writeContinue();
    server.emit('request', request, response);
  });
}

/** From here on the body is read. */
export function inviteBody(request: IncomingMessage): void {
  held.get(request)?.writeContinue();
  held.delete(request);
}
