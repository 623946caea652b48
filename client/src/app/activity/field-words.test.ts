import { expect, test } from '@jest/globals';
import { UpdateAlertRule } from '@koneksi/contracts/alerts';
import { UpdateBlastSettings } from '@koneksi/contracts/blast-settings';
import { UpdateContact } from '@koneksi/contracts/contacts';
import { UpdateBlastPolicy } from '@koneksi/contracts/messages';
import { UpdateOutlet } from '@koneksi/contracts/outlets';
import { UpdateSavedMessage } from '@koneksi/contracts/saved-messages';
import { UpdateUser } from '@koneksi/contracts/users';
import { UpdateWebhook } from '@koneksi/contracts/webhooks';
import { toJSONSchema, type ZodType } from 'zod';
import { ACTIVITY_EN } from './i18n/en';
import { ACTIVITY_ID } from './i18n/id';

const FORMS: Record<string, ZodType> = {
  UpdateAlertRule,
  UpdateBlastPolicy,
  UpdateBlastSettings,
  UpdateContact,
  UpdateOutlet,
  UpdateSavedMessage,
  UpdateUser,
  UpdateWebhook,
};

test.each(Object.entries(FORMS))('whoever reads who changed what finds each field of %s in words', (_, form) => {
  const { properties = {} } = toJSONSchema(form, { unrepresentable: 'any', io: 'input' });
  expect(Object.keys(properties).length).toBeGreaterThan(0);
  for (const words of [ACTIVITY_ID.field, ACTIVITY_EN.field])
    expect(Object.keys(properties).filter((name) => !(name in words))).toEqual([]);
});
