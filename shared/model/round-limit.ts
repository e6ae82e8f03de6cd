/** A limit to so many digits, rounded up: 1,234 to two is 1,300, and 2.86 is 2.9, with no float's tail. `value`: above 0. */
export function roundUpToDigits(value: number, digits: number): number {
  const decimals = digits - 1 - Math.floor(Math.log10(value));
  const steps = Math.ceil(value * 10 ** decimals - 1e-9);
  return decimals > 0 ? Number((steps / 10 ** decimals).toFixed(decimals)) : steps * 10 ** -decimals;
}
