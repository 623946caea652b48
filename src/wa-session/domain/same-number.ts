/**
 * Whether two numbers are one WhatsApp account. WhatsApp keeps the old spelling of some numbers whose
 * countries added a digit after accounts existed: Brazil's ninth, Mexico's 1, Argentina's 9.
 */
export function sameNumber(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

function canonical(digits: string): string {
  return digits
    .replace(/^55(\d{2})9(\d{8})$/, '55$1$2')
    .replace(/^521(\d{10})$/, '52$1')
    .replace(/^549(\d{10})$/, '54$1');
}
