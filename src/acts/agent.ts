/** Most of what a User-Agent says is what the browser is not; the first that fits names it. */
const BROWSERS: readonly [name: string, version: RegExp][] = [
  ['Edge', /\bEdgA?\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Headless)?(?:Chrome|CriOS)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)(?:\.\d+)* (?:Mobile\/\w+ )?Safari\//],
];
const SYSTEMS: readonly [name: string, sign: RegExp][] = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(?:iPhone|iPad)\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMacintosh\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
];
const MAX_LENGTH = 60;

/** `Chrome 126, Android`; what is no browser by its own words, cut. `null` without any. */
export function shortAgent(header: string | undefined): string | null {
  const agent = header?.trim().slice(0, 500);
  if (!agent) return null;
  for (const [name, version] of BROWSERS) {
    const found = version.exec(agent)?.[1];
    const system = SYSTEMS.find(([, sign]) => sign.test(agent))?.[0];
    if (found) return [`${name} ${found}`, system].filter(Boolean).join(', ');
  }
  return agent.slice(0, MAX_LENGTH);
}
