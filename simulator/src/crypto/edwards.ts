/** 2^255 - 19 */
export const FIELD = (1n << 255n) - 19n;
/** Order of the base point. */
export const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;

const TWICE_D = mod(-2n * 121665n * inverse(121666n));
const BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202n;
const BASE_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960n;
const WINDOW_BITS = 4n;
const WINDOWS = 64;

interface Point {
  x: bigint;
  y: bigint;
  z: bigint;
  t: bigint;
}

/** A point with z = 1 in the form that makes adding it cheapest. */
interface Addend {
  yMinusX: bigint;
  yPlusX: bigint;
  twiceDxy: bigint;
}

/** By Euclid's algorithm, some five times faster here than raising to the power of FIELD - 2. */
export function inverse(value: bigint): bigint {
  let [rest, next] = [FIELD, mod(value)];
  let [factor, nextFactor] = [0n, 1n];
  while (next !== 0n) {
    const quotient = rest / next;
    [rest, next] = [next, rest - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return mod(factor);
}

function mod(value: bigint): bigint {
  const rest = value % FIELD;
  return rest < 0n ? rest + FIELD : rest;
}

function add(p: Point, q: Addend): Point {
  const a = (p.y - p.x) * q.yMinusX;
  const b = (p.y + p.x) * q.yPlusX;
  const c = p.t * q.twiceDxy;
  const d = 2n * p.z;
  const e = mod(b - a);
  const f = mod(d - c);
  const g = mod(d + c);
  const h = mod(b + a);
  return { x: mod(e * f), y: mod(g * h), z: mod(f * g), t: mod(e * h) };
}

function addend({ x, y, z }: Point): Addend {
  const overZ = inverse(z);
  const affineX = (x * overZ) % FIELD;
  const affineY = (y * overZ) % FIELD;
  return {
    yMinusX: mod(affineY - affineX),
    yPlusX: mod(affineY + affineX),
    twiceDxy: (((affineX * affineY) % FIELD) * TWICE_D) % FIELD,
  };
}

const NEUTRAL: Point = { x: 0n, y: 1n, z: 1n, t: 0n };

/** multiples[w][n - 1] = n * 16^w * base point */
let multiples: Addend[][] | undefined;

function baseMultiples(): Addend[][] {
  if (multiples) return multiples;
  multiples = [];
  let unit: Point = { x: BASE_X, y: BASE_Y, z: 1n, t: (BASE_X * BASE_Y) % FIELD };
  for (let window = 0; window < WINDOWS; window++) {
    const step = addend(unit);
    const row: Addend[] = [];
    let multiple = NEUTRAL;
    for (let n = 1; n <= 15; n++) {
      multiple = add(multiple, step);
      row.push(addend(multiple));
    }
    multiples.push(row);
    unit = add(multiple, step);
  }
  return multiples;
}

/** Affine coordinates of scalar * base point, 0 <= scalar < 2^256. Not constant-time: no secret of the simulator is worth timing. */
export function timesBase(scalar: bigint): { x: bigint; y: bigint } {
  let sum = NEUTRAL;
  let rest = scalar;
  for (const row of baseMultiples()) {
    const digit = Number(rest & ((1n << WINDOW_BITS) - 1n));
    if (digit > 0) sum = add(sum, row[digit - 1] as Addend);
    rest >>= WINDOW_BITS;
  }
  const overZ = inverse(sum.z);
  return { x: (sum.x * overZ) % FIELD, y: (sum.y * overZ) % FIELD };
}

export function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

export function toLittleEndian(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}
