import { describe, expect, it } from '@jest/globals';
import { formatMessage, markFilled } from './whatsapp-format';

/** `[b]…` for bold and so on, to read at a glance. */
const shown = (message: string) =>
  formatMessage(message).map(({ text, bold, italic, strike, mono, filled }) => {
    const style = `${bold ? 'b' : ''}${italic ? 'i' : ''}${strike ? 's' : ''}${mono ? 'm' : ''}${filled ? 'f' : ''}`;
    return style ? `[${style}]${text}` : text;
  });

describe('a message in WhatsApp’s styles', () => {
  it.each([
    ['Halo *Kak*!', ['Halo ', '[b]Kak', '!']],
    ['_miring_ ~coret~ `mono`', ['[i]miring', ' ', '[s]coret', ' ', '[m]mono']],
    ['*tebal dan _miring_*', ['[b]tebal dan ', '[bi]miring']],
    ['```dua\n*baris*```', ['[m]dua\n*baris*']],
    ['2*3*4', ['2*3*4']],
    ['nama_file_panjang', ['nama_file_panjang']],
    ['* bukan tebal *', ['* bukan tebal *']],
    ['*tidak ditutup', ['*tidak ditutup']],
    ['*dua\nbaris*', ['*dua', '\n', 'baris*']],
    ['**', ['**']],
  ])('%j', (message, runs) => expect(shown(message)).toEqual(runs));

  it('keeps what a variable became apart, in whatever style it stands', () => {
    expect(shown(`*Halo ${markFilled('Budi')}*, apa kabar?`)).toEqual(['[b]Halo ', '[bf]Budi', ', apa kabar?']);
    expect(shown(`${markFilled('Budi')}*bukan*`)).toEqual(['[f]Budi', '*bukan*']);
  });

  it('shows every character of a message whose marks never close', () => {
    const message = '*_~a _ b c~x `';
    const text = formatMessage(message).map((run) => run.text);
    expect(text.join('')).toBe(message);
  });
});
