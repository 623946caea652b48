import type { BirthdayField } from '@koneksi/contracts/repeating-blasts';
import { birthdayIn } from '../../contacts/domain/birthday.js';

/** One contact: a person is one for each outlet that has them. */
export interface ContactFields {
  number: string;
  fields: Record<string, string>;
  /** Whether the audience means them. */
  meant: boolean;
}

type Said = 'dates' | 'unreadable';

/** Counts whose birthdays their fields tell, a person once, whichever of their outlets has it. */
export class BirthdayTally {
  private people = 0;
  private readonly counts = new Map<string, Record<Said, number> & { isDated: boolean }>();
  private number = '';
  private isMeant = false;
  private said = new Map<string, Said>();

  /** Contacts of one number come one after the other. */
  add({ number, fields, meant }: ContactFields): void {
    if (number !== this.number) this.close();
    this.number = number;
    this.isMeant ||= meant;
    for (const [name, value] of Object.entries(fields)) {
      if (value.trim() === '') continue;
      const field = name.toLowerCase();
      if (birthdayIn(value) !== null) this.said.set(field, 'dates');
      else if (!this.said.has(field)) this.said.set(field, 'unreadable');
    }
  }

  /** Of the fields in which anybody has a birthday, most of those who are meant first. */
  fields(): BirthdayField[] {
    this.close();
    return [...this.counts]
      .filter(([, { isDated }]) => isDated)
      .map(([field, { dates, unreadable }]) => ({ field, dates, unreadable, none: this.people - dates - unreadable }))
      .sort((a, b) => b.dates - a.dates || (a.field < b.field ? -1 : 1));
  }

  private close(): void {
    if (this.isMeant) this.people += 1;
    for (const [field, said] of this.said) {
      const count = this.counts.get(field) ?? { dates: 0, unreadable: 0, isDated: false };
      count.isDated ||= said === 'dates';
      if (this.isMeant) count[said] += 1;
      this.counts.set(field, count);
    }
    this.isMeant = false;
    this.said = new Map();
  }
}
