import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

export interface Mail {
  id: string;
  to: string;
  subject: string;
  body: string;
}

type Answer = (error?: Error | null) => void;

/** A mail server of somebody's, that behaves as it is told to. */
export class MailServer {
  /** Every mail that it took, in order. */
  readonly taken: Mail[] = [];
  /** How many recipients it was asked to take. */
  asked = 0;
  private server: SMTPServer | null = null;
  private port = 0;
  private refusal: { code: number; text: string } | null = null;
  private hold: ((mail: Mail, answer: Answer) => void) | null = null;

  static async start(): Promise<MailServer> {
    const server = new MailServer();
    await server.open();
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Says no to every recipient from now on, or to none. */
  refuse(refusal: { code: number; text: string } | null): void {
    this.refusal = refusal;
  }

  /** Has each mail and does not answer before it is told to. */
  holding(hold: ((mail: Mail, answer: Answer) => void) | null): void {
    this.hold = hold;
  }

  /** Listens, at the same place each time. */
  async open(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      closeTimeout: 1,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onRcptTo: (_, __, answer) => {
        this.asked++;
        const { refusal } = this;
        answer(refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
      },
      onData: (stream, session, answer) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => this.take(Buffer.concat(chunks).toString(), session, answer));
      },
    });
    // Senders that are killed cut their connections.
    server.on('error', () => undefined);
    this.port ||= await freePort();
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', () => resolve()));
    this.server = server;
  }

  /** Nobody listens any more. */
  async die(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  gets(what: string, matches: (mail: Mail) => boolean): Promise<Mail> {
    return eventually(`a mail ${what}`, () => this.taken.find(matches));
  }

  private take(source: string, session: SMTPServerSession, answer: Answer): void {
    const mail = read(source, session.envelope.rcptTo[0]?.address ?? '');
    const accept: Answer = (error) => {
      if (!error) this.taken.push(mail);
      answer(error);
    };
    if (this.hold) this.hold(mail, accept);
    else accept();
  }
}

function read(source: string, to: string): Mail {
  const end = source.indexOf('\r\n\r\n');
  const head = source.slice(0, end).replace(/\r\n[ \t]+/g, ' ');
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
  const body = decoded(source.slice(end + 4), header('Content-Transfer-Encoding'));
  return { id: header('Message-ID'), to, subject: words(header('Subject')), body };
}

/** Encoded words, by RFC 2047. */
function words(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, part: string) =>
      decoded(
        kind.toUpperCase() === 'B' ? part : part.replace(/_/g, ' '),
        kind.toUpperCase() === 'B' ? 'base64' : 'quoted-printable',
      ),
    );
}

function decoded(text: string, encoding: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(text, 'base64').toString();
  if (!/quoted/i.test(encoding)) return text;
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
