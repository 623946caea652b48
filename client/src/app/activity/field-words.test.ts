import { expect, test } from '@jest/globals';
import { UpdateAlertRule } from '@koneksi/contracts/alerts';
import { UpdateBlastSettings } from '@koneksi/contracts/blast-settings';
import { UpdateContact } from '@koneksi/contracts/contacts';
import { UpdateBlastPolicy } from '@koneksi/contracts/messages';
import { UpdateOutlet } from '@koneksi/contracts/outlets';
import { UpdateSavedMessage } from '@koneksi/contracts/saved-messages';
import { UpdateUser } from '@koneksi/contracts/users';
import { UpdateWebhook } from '@koneksi/contracts/webhooks';
import { BlastMedia } from '@koneksi/contracts/blast-content';
import { ResolveUnknown } from '@koneksi/contracts/blast-recipients';
import { ConnectRequest } from '@koneksi/contracts/outlets';
import { RepeatRule } from '@koneksi/contracts/repeating-blasts';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJSONSchema, type ZodType } from 'zod';
import { ACTIVITY_EN } from './i18n/en';
import { ACTIVITY_ID } from './i18n/id';

interface Schema {
  enum?: string[];
  const?: string;
  properties?: Record<string, unknown>;
  oneOf?: unknown[];
  anyOf?: unknown[];
  items?: unknown;
}

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
  const names = new Set<string>();
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { properties = {}, oneOf = [], anyOf = [], items } = node as Schema;
    for (const [name, each] of Object.entries(properties)) {
      names.add(name);
      look(each);
    }
    for (const each of [...oneOf, ...anyOf, items]) look(each);
  };
  look(toJSONSchema(form, { unrepresentable: 'any', io: 'input' }));
  expect(names.size).toBeGreaterThan(0);
  for (const words of [ACTIVITY_ID.field, ACTIVITY_EN.field])
    expect([...names].filter((name) => !(name in words))).toEqual([]);
});

test('so are those that are told after an act', () => {
  const root = join(import.meta.dirname, '../../../../src');
  const told = globSync('**/*.controller.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/tells: \[([^\]]*)\]/g)].flatMap(([, names]) =>
      [...names!.matchAll(/'(\w+)'/g)].map(([, name]) => name!),
    ),
  );
  expect(told).toContain('as');
  for (const words of [ACTIVITY_ID.field, ACTIVITY_EN.field])
    expect(told.filter((name) => !(name in words))).toEqual([]);
});

/** Fields that have one of a few values. */
const TOLD: Record<string, ZodType> = { ...FORMS, ResolveUnknown, BlastMedia, RepeatRule, ConnectRequest };

test.each(Object.entries(TOLD))('no value of %s is told as a code', (_, form) => {
  const wordless: string[] = [];
  const look = (node: unknown, field: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const { enum: values = [], const: value, properties = {} } = node as Schema;
    for (const one of [...values, ...(value === undefined ? [] : [value])])
      for (const words of [ACTIVITY_ID.value, ACTIVITY_EN.value] as Record<string, Record<string, string>>[])
        if (!words[field]?.[one]) wordless.push(`${field} ${one}`);
    for (const [name, each] of Object.entries(properties)) look(each, name);
    const { oneOf = [], anyOf = [], items } = node as Schema;
    for (const each of [...oneOf, ...anyOf, items]) look(each, field);
  };
  look(toJSONSchema(form, { unrepresentable: 'any', io: 'input' }), '');
  // A file is told by its name, and what a webhook is called for by the name that programs know.
  expect(wordless.filter((one) => !/^(mimeType|events) /.test(one))).toEqual([]);
});
