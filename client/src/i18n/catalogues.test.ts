import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ACTIVITY_EN } from '../app/activity/i18n/en';
import { ACTIVITY_ID } from '../app/activity/i18n/id';
import { ALERT_EN } from '../app/alerts/i18n/en';
import { ALERT_ID } from '../app/alerts/i18n/id';
import { API_KEY_EN } from '../app/api-keys/i18n/en';
import { API_KEY_ID } from '../app/api-keys/i18n/id';
import { BLAST_EN } from '../app/blast/i18n/en';
import { BLAST_ID } from '../app/blast/i18n/id';
import { PUSH_EN } from '../app/push/i18n/en';
import { PUSH_ID } from '../app/push/i18n/id';
import { UPTIME_EN } from '../app/uptime/i18n/en';
import { UPTIME_ID } from '../app/uptime/i18n/id';
import { WEBHOOK_EN } from '../app/webhooks/i18n/en';
import { WEBHOOK_ID } from '../app/webhooks/i18n/id';
import { DEMO_EN } from '../demo/i18n/en';
import { DEMO_ID } from '../demo/i18n/id';
import { LINK_EN } from '../link/i18n/en';
import { LINK_ID } from '../link/i18n/id';
import { EN } from './en';
import { ID } from './id';

type Node = { [key: string]: string | Node };

function flat(node: Node, path = ''): [string, string][] {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flat(value, `${path}${key}.`),
  );
}

const placeholders = (sentence: string) => [...sentence.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort();
const sourcesIn = (folder: string) => {
  const path = join(import.meta.dirname, '..', folder);
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|html)$/.test(file) && !/\.test\.ts$|i18n|^index\.html$/.test(file))
    .map((file) => ({ file, text: readFileSync(join(path, file), 'utf8') }));
};

describe.each([
  { of: 'the product', inIndonesian: ID, inEnglish: EN, sources: sourcesIn('app'), templates: 25 },
  {
    of: 'the blast pages',
    inIndonesian: BLAST_ID,
    inEnglish: BLAST_EN,
    sources: sourcesIn('app/blast'),
    templates: 15,
  },
  {
    of: 'the page of alerts',
    inIndonesian: ALERT_ID,
    inEnglish: ALERT_EN,
    sources: sourcesIn('app/alerts'),
    templates: 4,
  },
  {
    of: 'the page of activity',
    inIndonesian: ACTIVITY_ID,
    inEnglish: ACTIVITY_EN,
    sources: sourcesIn('app/activity'),
    templates: 0,
  },
  {
    of: 'the page of uptime',
    inIndonesian: UPTIME_ID,
    inEnglish: UPTIME_EN,
    sources: sourcesIn('app/uptime'),
    templates: 1,
  },
  {
    of: 'notices of browsers',
    inIndonesian: PUSH_ID,
    inEnglish: PUSH_EN,
    sources: sourcesIn('app/push'),
    templates: 0,
  },
  {
    of: 'the page of webhooks',
    inIndonesian: WEBHOOK_ID,
    inEnglish: WEBHOOK_EN,
    sources: sourcesIn('app/webhooks'),
    templates: 3,
  },
  {
    of: 'the page of API keys',
    inIndonesian: API_KEY_ID,
    inEnglish: API_KEY_EN,
    sources: sourcesIn('app/api-keys'),
    templates: 1,
  },
  {
    of: 'the page of a link',
    inIndonesian: LINK_ID,
    inEnglish: LINK_EN,
    sources: sourcesIn('link'),
    templates: 0,
  },
  {
    of: 'the demo',
    inIndonesian: DEMO_ID,
    inEnglish: DEMO_EN,
    sources: sourcesIn('demo'),
    templates: 1,
  },
])('the catalogues of $of', ({ inIndonesian, inEnglish, sources, templates: fewestTemplates }) => {
  const indonesian = flat(inIndonesian);
  const english = new Map(flat(inEnglish));

  it('hold the same keys, each with a sentence', () => {
    expect([...english.keys()]).toEqual(indonesian.map(([key]) => key));
    for (const [key, sentence] of [...indonesian, ...english]) expect([key, sentence.trim()]).not.toEqual([key, '']);
  });

  it('fill the same gaps in both languages', () => {
    for (const [key, sentence] of indonesian) {
      expect([key, placeholders(english.get(key) ?? '')]).toEqual([key, placeholders(sentence)]);
    }
  });

  it('choose between one and many by a number that the sentence has', () => {
    const undecided = [...english].filter(([, sentence]) =>
      [...sentence.matchAll(/\[(?:(\w+): )?[^|[\]]*\|[^|[\]]*\]/g)].some(
        ([, name]) => !placeholders(sentence).includes(name ?? 'count'),
      ),
    );
    expect(undecided).toEqual([]);
  });

  it('hold nothing that no page says', () => {
    const everything = sources.map(({ text }) => text).join('\n');
    const said = (key: string) =>
      everything.includes(`'${key}'`) || everything.includes(`\`${key.slice(0, key.lastIndexOf('.'))}.\${`);
    expect(indonesian.map(([key]) => key).filter((key) => !said(key))).toEqual([]);
  });

  it('are the only place with words: templates have none of their own', () => {
    const templates = sources.flatMap(({ file, text }) =>
      file.endsWith('.html')
        ? [{ file, template: text }]
        : [...text.matchAll(/template: [`']([^]*?)[`'],\n/g)].map(([, template]) => ({ file, template: template! })),
    );
    const words = templates.flatMap(({ file, template }) =>
      [...withoutCode(template).matchAll(/>([^<]*\p{L}{2}[^<]*)</gu)].map(([, word]) => `${file}: ${word!.trim()}`),
    );
    expect(templates.length).toBeGreaterThan(fewestTemplates);
    expect(words).toEqual([]);
  });
});

/** What a template shows by itself: without bindings, control flow, comments and attributes. */
function withoutCode(template: string): string {
  return template
    .replace(/<!--[^]*?-->/g, '')
    .replace(/{{[^]*?}}/g, '')
    .replace(/"[^"]*"/g, '""')
    .replace(/@let [^;]*;/g, '')
    .replace(/@(?:if|else if|else|empty|for|switch|case|default|defer)\b[^{]*{/g, '')
    .replace(/&ngsp;/g, '');
}
