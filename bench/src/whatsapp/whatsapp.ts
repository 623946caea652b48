import type { Benchmark, Outcome, Sizes } from '../benchmark.ts';
import { UsageFault } from '../command-line.ts';
import { idle } from './idle.ts';
import { links } from './links.ts';
import { memory } from './memory.ts';
import { say, type Found, type Part } from './part.ts';
import { quiet } from './quiet.ts';
import { returns } from './returns.ts';
import { told } from './told.ts';
import { tokens } from './tokens.ts';

const PARTS: readonly Part[] = [links, returns, told, quiet, idle, tokens, memory];

export const whatsapp: Benchmark = {
  name: 'whatsapp',
  about: `what is promised of a WhatsApp as it is, part by part (--only ${PARTS.map(({ name }) => name).join(',')})`,
  run,
};

async function run({ quick, only }: Sizes): Promise<Outcome> {
  const found: Record<string, Found & { seconds: number }> = {};
  for (const part of chosen(only)) {
    say(`${part.name}: ${part.about}`);
    const begun = performance.now();
    found[part.name] = { ...(await part.run(quick)), seconds: Math.round((performance.now() - begun) / 1_000) };
  }
  const all = Object.values(found);
  return {
    tables: all.flatMap(({ tables }) => tables ?? []),
    targets: all.flatMap(({ targets }) => targets),
    details: found,
  };
}

function chosen(only: readonly string[] | undefined): readonly Part[] {
  const unknown = only?.find((name) => !PARTS.some((part) => part.name === name));
  if (unknown !== undefined)
    throw new UsageFault(`There is no part "${unknown}". There are: ${PARTS.map(({ name }) => name).join(', ')}.`);
  return only ? PARTS.filter(({ name }) => only.includes(name)) : PARTS;
}
