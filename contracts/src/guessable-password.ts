/** What many people choose, whatever they add to it; folded, so that `p4ssw0rd` is among them too. */
const COMMON_WORDS = [
  ...['password', 'passwort', 'passcode', 'passphrase', 'secret', 'letmein', 'welcome', 'changeme', 'default'],
  ...['login', 'admin', 'administrator', 'superadmin', 'root', 'user', 'guest', 'master', 'test', 'testing', 'demo'],
  ...['iloveyou', 'loveyou', 'love', 'monkey', 'dragon', 'sunshine', 'princess', 'football', 'baseball', 'soccer'],
  ...['superman', 'batman', 'pokemon', 'naruto', 'starwars', 'shadow', 'michael', 'jordan', 'jennifer', 'jessica'],
  ...['ashley', 'charlie', 'daniel', 'trustno', 'whatever', 'freedom', 'hello', 'killer', 'flower', 'computer'],
  ...['internet', 'samsung', 'google', 'facebook', 'instagram', 'tiktok', 'whatsapp', 'android', 'iphone', 'windows'],
  ...['koneksi', 'outlet', 'toko', 'kasir', 'warung', 'sandi', 'katasandi', 'rahasia', 'masuk', 'sayang', 'sayangku'],
  ...['sayangkamu', 'akusayangkamu', 'aku', 'kamu', 'cinta', 'cintaku', 'anjing', 'bangsat', 'kucing', 'bismillah'],
  ...['alhamdulillah', 'assalamualaikum', 'allahuakbar', 'indonesia', 'merdeka', 'garuda', 'pancasila', 'jakarta'],
  ...['bandung', 'surabaya', 'semarang', 'medan', 'bali', 'jogja', 'yogyakarta', 'persija', 'persib', 'arema'],
  ...['doraemon', 'ganteng', 'cantik', 'mama', 'papa', 'ibu', 'ayah', 'keluarga', 'januari', 'agustus', 'desember'],
].toSorted((a, b) => b.length - a.length);

/** As they lie on a keyboard or follow each other; read in both directions. */
const ROWS = ['abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'qwertz', 'asdfghjkl', 'zxcvbnm', 'qazwsxedcrfvtgb'];
const SHORTEST_RUN = 3;
/** Letters that have to be left once everything easy is taken out. */
const LETTERS_LEFT = 4;
const FEWEST_DIFFERENT = 5;

const LOOKALIKES: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
};

/**
 * Whether a password is among the first that are tried: too few different characters, or nothing but common words, rows
 * of keys, digits and what everybody knows of its owner.
 * @param owner email, name: whatever the account shows
 */
export function isGuessable(password: string, owner: readonly string[]): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  if (new Set(text.replaceAll(' ', '')).size < FEWEST_DIFFERENT) return true;
  const words = [...ownWords(owner), ...COMMON_WORDS];
  // Digits may stand for letters, or for themselves.
  return [text, folded(text)].some((way) => [...lettersOf(without(way, words))].length < LETTERS_LEFT);
}

function ownWords(owner: readonly string[]): string[] {
  return owner
    .map((text) => text.toLowerCase())
    .flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)])
    .flatMap((word) => [word, folded(word)])
    .filter((word) => word.length >= SHORTEST_RUN)
    .toSorted((a, b) => b.length - a.length);
}

const folded = (text: string): string => [...text].map((character) => LOOKALIKES[character] ?? character).join('');
const lettersOf = (text: string): string => text.replace(/[^\p{L}]+/gu, '');

function without(text: string, words: readonly string[]): string {
  let rest = text;
  for (const word of words) rest = rest.replaceAll(word, ' ');
  return withoutRuns(rest);
}

function withoutRuns(text: string): string {
  let rest = '';
  for (let at = 0; at < text.length;) {
    const length = runAt(text, at);
    if (length >= SHORTEST_RUN) at += length;
    else rest += text[at++];
  }
  return rest;
}

/** How many characters from here on follow each other on a row, or repeat one. */
function runAt(text: string, at: number): number {
  let longest = 1;
  while (text[at + longest] === text[at]) longest++;
  for (const row of ROWS) {
    for (const step of [1, -1]) {
      const begin = row.indexOf(text.charAt(at));
      let length = 1;
      while (begin >= 0 && text[at + length] !== undefined && row[begin + step * length] === text[at + length])
        length++;
      longest = Math.max(longest, length);
    }
  }
  return longest;
}
