import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type {
  Contact,
  CreateContact,
  DeleteContacts,
  DeletedContacts,
  UpdateContact,
} from '@koneksi/contracts/contacts';
import { DataSource, type EntityManager } from 'typeorm';
import { maySee, type Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { Seen } from '../common/editing/seen.js';
import { violatesForeignKey, violatesUnique } from '../common/postgres-errors.js';
import type { QuotaFact } from '../common/quota-reached.js';
import { waitShortly } from '../common/short-wait.js';
import { isUuid } from '../common/uuid.js';
import { ContactBin } from './bin/contact-bin.js';
import { requireRoomForContacts } from './contact-quota.js';
import { matchingCondition } from './contact-filter.js';
import { CONTACT_IS_UNIQUE, CONTACT_OUTLET, ContactEntity } from './contact.entity.js';
import { CONTACT_COLUMNS, toContact, type ContactRow } from './contact.view.js';
import { noSuchContact, numberIsThere } from './refusals.js';

/** One contact at a time, and many where they go. Whoever calls has seen to it that the outlet exists for the caller. */
@Injectable()
export class ContactsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly bin: ContactBin,
  ) {}

  /** With how many the outlet may have, and has by now. @throws {QuotaReached}, {TooManyAttempts}; `CONTACT_EXISTS` */
  async create(
    outletId: string,
    { phone, name, fields, tags }: CreateContact,
  ): Promise<{ contact: Contact; quota: QuotaFact }> {
    const id = randomUUID();
    const now = new Date(this.clock.wall());
    const row = { id, outletId, number: phone, name, fields, tags, createdAt: now, updatedAt: now };
    const quota = await this.dataSource.transaction(async (manager) => {
      // An import that has not ended may hold the number.
      await explainingRefusals(waitShortly(manager, () => manager.insert(ContactEntity, row)));
      return requireRoomForContacts(manager, outletId, 0);
    });
    return { contact: (await this.read(id))!, quota };
  }

  /** @throws `CONTACT_NOT_FOUND` alike for unknown ids, malformed ones and contacts of foreign outlets. */
  async require(caller: Caller, id: string): Promise<Contact> {
    const contact = isUuid(id) ? await this.read(id) : null;
    if (!contact || !maySee(caller, contact.outletId)) throw noSuchContact();
    return contact;
  }

  /** @throws `CHANGED_MEANWHILE`, `CONTACT_EXISTS`, `CONTACT_NOT_FOUND` */
  async update(caller: Caller, id: string, { phone, ...rest }: UpdateContact, seen = Seen.anything): Promise<Contact> {
    const { id: contactId } = await this.require(caller, id);
    const updatedAt = new Date(this.clock.wall());
    const change = { ...rest, ...(phone !== undefined && { number: phone }), updatedAt };
    await explainingRefusals(
      this.dataSource.transaction(async (manager) => {
        seen.requireSame(await hold(manager, contactId));
        await manager.update(ContactEntity, { id: contactId }, change);
      }),
    );
    return this.require(caller, contactId);
  }

  /** Into the bin. @throws `CHANGED_MEANWHILE`, `CONTACT_NOT_FOUND` */
  async remove(caller: Caller, id: string, seen = Seen.anything): Promise<void> {
    const { id: contactId, outletId } = await this.require(caller, id);
    await this.dataSource.transaction(async (manager) => {
      seen.requireSame(await hold(manager, contactId));
      await this.bin.take(manager, outletId, { sql: 'c.id = $1', values: [contactId] }, caller.name);
    });
  }

  /** Into the bin. How many went, and what they are brought back by; ids of other outlets' contacts are passed over. */
  removeMany(caller: Caller, outletId: string, which: DeleteContacts): Promise<DeletedContacts> {
    const meant =
      'contactIds' in which
        ? { sql: 'c.outlet_id = $1 AND c.id = ANY ($2)', values: [outletId, which.contactIds] }
        : matchingCondition(outletId, which.matching);
    return this.dataSource.transaction((manager) => this.bin.take(manager, outletId, meant, caller.name));
  }

  private async read(id: string): Promise<Contact | null> {
    const [row] = await this.dataSource.query<ContactRow[]>(READ_SQL, [id]);
    return row ? toContact(row) : null;
  }
}

const READ_SQL = `SELECT ${CONTACT_COLUMNS} FROM contacts c WHERE c.id = $1`;

/** The contact as it stays until the transaction ends. @throws `CONTACT_NOT_FOUND` where it went meanwhile */
async function hold(manager: EntityManager, id: string): Promise<Contact> {
  const [row] = await manager.query<ContactRow[]>(`${READ_SQL} FOR UPDATE OF c`, [id]);
  if (!row) throw noSuchContact();
  return toContact(row);
}

/** The constraints decide, not a look beforehand. */
async function explainingRefusals(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (violatesUnique(error, CONTACT_IS_UNIQUE)) {
      throw numberIsThere();
    }
    if (violatesForeignKey(error, CONTACT_OUTLET)) {
      throw new DomainError('OUTLET_NOT_FOUND', 404, 'the outlet has just been removed');
    }
    throw error;
  }
}
