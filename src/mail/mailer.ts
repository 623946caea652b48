import { Injectable } from '@nestjs/common';
import type { AlertFault } from '@koneksi/contracts/alerts';
import { createTransport } from 'nodemailer';
import { Config } from '../config/config.js';

/** What came of handing a mail over; `fault` is `null` where it was taken, `code` what the server answered. */
interface Outcome {
  fault: AlertFault | null;
  code: number | null;
}

export interface Mail {
  /** The same on each try: who gets it twice can tell. */
  id: string;
  to: string;
  subject: string;
  body: string;
  language: string;
}

/** Steps of one mail: no server needs more of them than this many times the longest. */
const STEPS = 4;

const CUT_OFF: Outcome = { fault: 'CUT_OFF', code: null };

interface SmtpError {
  code?: string;
  responseCode?: number;
  message?: string;
}

/** Mail by the SMTP server that whoever runs Koneksi named; nobody else says where it goes. Never throws. */
@Injectable()
export class Mailer {
  readonly from: string | null;
  private readonly transport: ReturnType<typeof createTransport> | null;
  /** How long one mail may take in all, in ms. */
  readonly longestMs: number;
  private readonly over = new AbortController();

  constructor({ smtp, alerts: { timeoutMs } }: Config) {
    this.from = smtp?.from ?? null;
    this.longestMs = timeoutMs * STEPS;
    this.transport =
      smtp &&
      createTransport({
        url: smtp.url,
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        dnsTimeout: timeoutMs,
        // Nothing in a mail of ours is a file or an address to read.
        disableFileAccess: true,
        disableUrlAccess: true,
      });
  }

  /** The process ends: nobody waits for a server any longer. */
  cutOff(): void {
    this.over.abort();
    this.transport?.close();
  }

  /** @param longestMs how long it may take, where that is less than any mail may */
  async send(mail: Mail, longestMs = this.longestMs): Promise<Outcome> {
    if (!this.transport || !this.from) return { fault: 'NOT_CONFIGURED', code: null };
    const { signal } = this.over;
    if (signal.aborted) return CUT_OFF;
    let giveUp = (_: Outcome): void => undefined;
    const given = new Promise<Outcome>((resolve) => (giveUp = resolve));
    const deadline = setTimeout(() => giveUp({ fault: 'TIMEOUT', code: null }), Math.min(longestMs, this.longestMs));
    const end = (): void => giveUp(CUT_OFF);
    signal.addEventListener('abort', end);
    try {
      return await Promise.race([this.handOver(this.transport, this.from, mail), given]);
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener('abort', end);
    }
  }

  private async handOver(
    transport: NonNullable<Mailer['transport']>,
    from: string,
    { id, to, subject, body, language }: Mail,
  ): Promise<Outcome> {
    try {
      await transport.sendMail({
        from,
        to: { name: '', address: to },
        subject,
        text: body,
        messageId: `<${id}@${domainOf(from)}>`,
        headers: { 'Content-Language': language, 'Auto-Submitted': 'auto-generated' },
      });
      return { fault: null, code: null };
    } catch (error) {
      return outcomeOf(error as SmtpError);
    }
  }
}

const domainOf = (from: string): string => /@([^@>]+)>?$/.exec(from)?.[1] ?? 'localhost';

/** By nodemailer's names of what went wrong, and SMTP's answers (RFC 5321). */
function outcomeOf({ code = '', responseCode, message = '' }: SmtpError): Outcome {
  const answer = responseCode ?? null;
  if (code === 'EAUTH') return { fault: 'SIGN_IN_REFUSED', code: answer };
  if (answer !== null) return { fault: 'REFUSED', code: answer };
  if (code === 'ETLS' || /CERT|SSL|TLS|SELF_SIGNED|ALTNAME/.test(code) || /certificate|tls|ssl/i.test(message))
    return { fault: 'TLS_FAILED', code: null };
  if (code === 'ETIMEDOUT') return { fault: 'TIMEOUT', code: null };
  if (code === 'EDNS' || /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/.test(`${code} ${message}`))
    return { fault: 'UNREACHABLE', code: null };
  return { fault: 'CUT_OFF', code: null };
}
