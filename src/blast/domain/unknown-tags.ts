import type { UnknownTag } from '@koneksi/contracts/blast-preview';
import { distance } from '../../consent/domain/wish-words.js';
import { lowerTags } from './tags.js';

/** Of these tags, those that nobody has, each with the one that is written nearly so. `known`: most used first. */
export function unknownAmong(tags: readonly string[], known: readonly string[], use: UnknownTag['use']): UnknownTag[] {
  const lower = new Set(lowerTags(tags));
  return [...lower].filter((tag) => !known.includes(tag)).map((tag) => ({ tag, use, meant: nearest(tag, known) }));
}

function nearest(tag: string, known: readonly string[]): string | null {
  const most = tag.length < 5 ? 1 : 2;
  const near = known.map((each) => ({ each, by: distance(tag, each, most) })).filter(({ by }) => by <= most);
  return near.toSorted((one, other) => one.by - other.by)[0]?.each ?? null;
}
