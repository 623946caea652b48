/** Boxes that a film for phones has at its top. */
const BRANDS = /^(?:isom|iso[2-9]|mp4[12]|avc1|M4V |MSNV|3gp\w|f4v )$/;
/** Codecs WhatsApp plays: H.264 and its sound. */
const VIDEO = new Set(['avc1', 'avc3']);
const SOUND = new Set(['mp4a']);
/** Boxes that hold boxes on the way to the codecs. */
const NESTED = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl']);
/** Boxes with what a camera wrote down beside a film, such as where it was taken; no player needs them. */
const BESIDE = new Set(['udta', 'meta', 'uuid']);
const MOST_BOXES = 5_000;

export type FilmFault = 'FILM_BROKEN' | 'FILM_CODEC';

export interface Film {
  /** Whole seconds, at least one. */
  seconds: number;
  width: number;
  height: number;
}

interface Found {
  brands: string[];
  hasData: boolean;
  seconds: number;
  codecs: string[];
  width: number;
  height: number;
}

/** What an MP4 says of itself in its boxes (ISO/IEC 14496-12): whole, and of codecs that phones play. */
export function readFilm(content: Buffer): Film | FilmFault {
  const found: Found = { brands: [], hasData: false, seconds: 0, codecs: [], width: 0, height: 0 };
  if (!walk(content, ({ type, body }) => note(type, body, found))) return 'FILM_BROKEN';
  if (!found.hasData || found.width === 0 || found.height === 0 || found.seconds <= 0) return 'FILM_BROKEN';
  // QuickTime's own films are whole, and most phones play none.
  const isPlayed =
    found.brands.some((brand) => BRANDS.test(brand)) &&
    found.codecs.some((codec) => VIDEO.has(codec)) &&
    found.codecs.every((codec) => VIDEO.has(codec) || SOUND.has(codec));
  if (!isPlayed) return 'FILM_CODEC';
  return { seconds: Math.max(1, Math.round(found.seconds)), width: found.width, height: found.height };
}

/** The film alone, without where and by whom it was taken: such boxes become empty room, so that nothing else moves. */
export function filmAlone(content: Buffer): Buffer {
  const film = Buffer.from(content);
  walk(film, ({ type, whole, body }) => {
    if (!BESIDE.has(type)) return;
    whole.write('free', 4, 'latin1');
    body.fill(0);
  });
  return film;
}

interface Box {
  type: string;
  whole: Buffer;
  body: Buffer;
}

/** Visits each box in its order. `false` where one is cut off, or there are too many. */
function walk(content: Buffer, visit: (box: Box) => void, budget = { boxes: MOST_BOXES }): boolean {
  for (let at = 0; at < content.length;) {
    if (content.length - at < 8 || budget.boxes-- <= 0) return false;
    const type = content.toString('latin1', at + 4, at + 8);
    const short = content.readUInt32BE(at);
    const head = short === 1 ? 16 : 8;
    if (content.length - at < head) return false;
    const size = short === 1 ? Number(content.readBigUInt64BE(at + 8)) : short === 0 ? content.length - at : short;
    if (size < head || size > content.length - at) return false;
    const whole = content.subarray(at, at + size);
    const body = whole.subarray(head);
    if (NESTED.has(type)) {
      if (!walk(body, visit, budget)) return false;
    } else visit({ type, whole, body });
    at += size;
  }
  return true;
}

function note(type: string, body: Buffer, found: Found): void {
  if (type === 'ftyp')
    found.brands.push(...(body.toString('latin1').match(/.{4}/gs) ?? []).filter((_, place) => place !== 1));
  if (type === 'mdat' && body.length > 0) found.hasData = true;
  if (type === 'mvhd') found.seconds = secondsOf(body);
  if (type === 'tkhd') noteSize(body, found);
  if (type === 'stsd' && body.length >= 16) found.codecs.push(body.toString('latin1', 12, 16));
}

function secondsOf(body: Buffer): number {
  const isLong = body[0] === 1;
  if (body.length < (isLong ? 32 : 20)) return 0;
  const scale = body.readUInt32BE(isLong ? 20 : 12);
  const length = isLong ? Number(body.readBigUInt64BE(24)) : body.readUInt32BE(16);
  return scale > 0 ? length / scale : 0;
}

/** Fixed point, sixteen bits after it; a track of sound has none. */
function noteSize(body: Buffer, found: Found): void {
  if (body.length < 8) return;
  const [width, height] = [body.readUInt32BE(body.length - 8) >>> 16, body.readUInt32BE(body.length - 4) >>> 16];
  if (width === 0 || height === 0) return;
  // A phone that was held upright films lying down and says how to turn it.
  const isTurned =
    body.length >= 44 && body.readUInt32BE(body.length - 44) === 0 && body.readUInt32BE(body.length - 40) !== 0;
  Object.assign(found, isTurned ? { width: height, height: width } : { width, height });
}
