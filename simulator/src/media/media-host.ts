import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Counters } from '../counters.js';
import { openMedia, type MediaReference } from './media-cipher.js';

/** What uploads must show; handed out with `media_conn`. */
export const MEDIA_AUTH = 'simulator';

const UPLOAD = /^\/mms\/(?:image|video|audio|document)\/([\w-]+)$/;
const DOWNLOAD = /^\/media\/([\w-]+)$/;
/** Says whose history a file is; WhatsApp's own paths carry a signature there. */
const OWNER = 'oh';
const MAX_FILE_BYTES = 100 << 20;
/** The oldest files leave when all together are larger. */
const MAX_BYTES = 256 << 20;

/**
 * The host that `media_conn` names: encrypted files go up under their hash and come down to whoever knows their path.
 * It is the simulator's own port, without TLS.
 */
export class MediaHost {
  /** `host:port` once the port is open. */
  authority: string | null = null;
  private readonly files = new Map<string, Buffer>();
  /** Opened files by path: one upload serves a whole blast. */
  private readonly opened = new Map<string, Promise<Buffer>>();
  private readonly downloadsByPath = new Map<string, number>();
  private bytes = 0;

  constructor(private readonly counters: Counters) {}

  /** Whether the request was one for media; then it is being answered. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulator');
    const uploaded = UPLOAD.exec(pathname)?.[1];
    const wanted = DOWNLOAD.exec(pathname)?.[1];
    if (uploaded !== undefined && request.method === 'POST') {
      this.take(request, response, uploaded, searchParams.get('auth')).catch(() => response.destroy());
      return true;
    }
    if (wanted === undefined || request.method !== 'GET') return false;
    const file = this.files.get(wanted);
    const directPath = pathname + new URL(request.url ?? '/', 'http://simulator').search;
    if (file && searchParams.has(OWNER)) this.fetched(directPath);
    response.writeHead(file ? 200 : 404, { 'content-type': 'application/octet-stream' }).end(file);
    return true;
  }

  /** Keeps a file of a phone's own. Returns its name here. */
  put(file: Buffer): string {
    const hash = createHash('sha256').update(file).digest('base64url');
    this.keep(hash, file);
    return hash;
  }

  /** Where one phone's companions find a file that many phones may share: so downloads are counted for each. */
  directPath(hash: string, number: string): string {
    return `/media/${hash}?${OWNER}=${number}`;
  }

  /** How often a file at such a path was fetched. */
  downloads(directPath: string): number {
    return this.downloadsByPath.get(directPath) ?? 0;
  }

  private fetched(directPath: string): void {
    this.downloadsByPath.set(directPath, this.downloads(directPath) + 1);
    this.counters.add('historyDownloads');
  }

  /** Downloads and decrypts what a message refers to. Rejects where it is gone, or not what the message says. */
  open(reference: MediaReference): Promise<Buffer> {
    const { directPath } = reference;
    const known = this.opened.get(directPath);
    if (known) return known;
    const opened = this.download(directPath).then((file) => openMedia(file, reference));
    this.opened.set(directPath, opened);
    opened.catch(() => this.opened.delete(directPath));
    return opened;
  }

  private async download(directPath: string): Promise<Buffer> {
    if (!this.authority || !DOWNLOAD.test(directPath)) throw new Error('the file is not on this host');
    const answer = await fetch(`http://${this.authority}${directPath}`);
    if (!answer.ok) throw new Error(`the media host answered ${answer.status}`);
    this.counters.add('mediaDownloads');
    return Buffer.from(await answer.arrayBuffer());
  }

  private async take(
    request: IncomingMessage,
    response: ServerResponse,
    hash: string,
    auth: string | null,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= MAX_FILE_BYTES) chunks.push(chunk);
    }
    const file = Buffer.concat(chunks);
    const isSame = createHash('sha256').update(file).digest('base64url') === hash;
    if (auth !== MEDIA_AUTH || size > MAX_FILE_BYTES || !isSame) {
      response.writeHead(auth === MEDIA_AUTH ? 400 : 401).end();
      return;
    }
    this.keep(hash, file);
    this.counters.add('mediaUploads');
    const directPath = `/media/${hash}`;
    const answer = { url: `https://${this.authority ?? ''}${directPath}`, direct_path: directPath };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  private keep(hash: string, file: Buffer): void {
    this.bytes += file.length - (this.files.get(hash)?.length ?? 0);
    this.files.delete(hash);
    this.files.set(hash, file);
    for (const [oldest, { length }] of this.files) {
      if (this.bytes <= MAX_BYTES) return;
      this.files.delete(oldest);
      this.opened.delete(`/media/${oldest}`);
      this.bytes -= length;
    }
  }
}
