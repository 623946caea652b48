/** One message of the client; `statement` is the SQL it is about to run, where it is the one that runs it. */
interface FrontendMessage {
  bytes: Buffer;
  statement: string | null;
  /** After it PostgreSQL answers that it is ready: a simple query, or the sync of an extended one. */
  isEnd: boolean;
}

const LENGTH_BYTES = 4;

/** Cuts what `pg` sends into messages (PostgreSQL's protocol 3, without TLS), and knows the prepared statements. */
export class FrontendReader {
  private rest: Buffer = Buffer.alloc(0);
  private started = false;
  private readonly prepared = new Map<string, string>();
  /** Travels with the message that runs it, so that both are refused or neither. */
  private parse: Buffer | null = null;

  *read(bytes: Buffer): Generator<FrontendMessage> {
    this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes;
    for (;;) {
      // The first message has no type.
      const head = this.started ? 1 : 0;
      if (this.rest.length < head + LENGTH_BYTES) return;
      const size = head + this.rest.readUInt32BE(head);
      if (this.rest.length < size) return;
      const message = this.rest.subarray(0, size);
      this.rest = this.rest.subarray(size);
      const type = this.started ? String.fromCharCode(message[0] ?? 0) : '';
      this.started = true;
      const statement = this.statementOf(type, message);
      if (type === 'P') {
        this.parse = message;
        continue;
      }
      const whole = this.parse ? Buffer.concat([this.parse, message]) : message;
      this.parse = null;
      yield { bytes: whole, statement, isEnd: type === 'Q' || type === 'S' };
    }
  }

  private statementOf(type: string, message: Buffer): string | null {
    if (type === 'Q') return textAt(message, 1 + LENGTH_BYTES).text;
    if (type === 'P') {
      const { text: name, end } = textAt(message, 1 + LENGTH_BYTES);
      this.prepared.set(name, textAt(message, end).text);
      return null;
    }
    if (type !== 'B') return null;
    const { end } = textAt(message, 1 + LENGTH_BYTES);
    return this.prepared.get(textAt(message, end).text) ?? '';
  }
}

/** Looks for the end of PostgreSQL's answers. */
export class BackendReader {
  private rest: Buffer = Buffer.alloc(0);
  /** The transaction's status as PostgreSQL last told it: idle, within one, or within a failed one. */
  status = 'I';
  /** Whether the statement under way is answered by us. */
  refusing = false;

  /** Whether a ReadyForQuery ended in these bytes. */
  read(bytes: Buffer): boolean {
    this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes;
    let ready = false;
    while (this.rest.length >= 1 + LENGTH_BYTES) {
      const size = 1 + this.rest.readUInt32BE(1);
      if (this.rest.length < size) break;
      if (this.rest[0] === 0x5a) {
        ready = true;
        this.status = String.fromCharCode(this.rest[1 + LENGTH_BYTES] ?? 0x49);
      }
      this.rest = this.rest.subarray(size);
    }
    return ready;
  }
}

/** An ErrorResponse and the ReadyForQuery after it. */
export function errorAnswer(code: string, text: string, status: string): Buffer {
  const fields = Buffer.from(`SERROR\0VERROR\0C${code}\0M${text}\0\0`);
  return Buffer.concat([message('E', fields), message('Z', Buffer.from(status))]);
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(1 + LENGTH_BYTES);
  head.write(type);
  head.writeUInt32BE(LENGTH_BYTES + body.length, 1);
  return Buffer.concat([head, body]);
}

function textAt(bytes: Buffer, from: number): { text: string; end: number } {
  const nul = bytes.indexOf(0, from);
  return { text: bytes.toString('utf8', from, nul), end: nul + 1 };
}
