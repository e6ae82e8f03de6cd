import { bytesFromKibibytes, bytesFromMebibytes, gibibytesFromBytes } from '../units.ts';
import { formatNumber, missing, threeDigitDecimals } from './number-text.ts';
import { type FormatOptions, missingQuantity, type Quantity, roundedText } from './quantity.ts';

/** Bytes as GiB with one decimal, for a column or chart headed 'GiB'. */
export function formatGibibytes(memoryBytes: number | null, options: FormatOptions): string {
  return memoryBytes === null ? missing : formatNumber(gibibytesFromBytes(memoryBytes), 1, options.locale);
}

/** The one unit of a row, chosen by its largest entry, and its entries: GiB with one decimal, MiB with three digits where none comes to a GiB. */
export function memoryTexts(
  figures: readonly (number | null)[],
  { locale }: FormatOptions,
): { readonly unit: 'GiB' | 'MiB'; readonly texts: readonly string[] } {
  const most = Math.max(0, ...figures.map((bytes) => bytes ?? 0));
  const isSmall = most > 0 && most < bytesFromMebibytes(1024);
  const text = (bytes: number): string => {
    if (!isSmall) return roundedText(gibibytesFromBytes(bytes), 1, locale);
    const mebibytes = bytes / bytesFromMebibytes(1);
    return formatNumber(mebibytes, Math.max(0, threeDigitDecimals(mebibytes)), locale);
  };
  return { unit: isSmall ? 'MiB' : 'GiB', texts: figures.map((bytes) => (bytes === null ? missing : text(bytes))) };
}

/** Bytes with the unit that suits them, three digits: '96.4 MiB', '1.90 GiB'. */
export function formatMemory(memoryBytes: number | null, options: FormatOptions): Quantity {
  if (memoryBytes === null) return missingQuantity;
  const steps = [
    ['GiB', bytesFromMebibytes(1024)],
    ['MiB', bytesFromMebibytes(1)],
    ['KiB', bytesFromKibibytes(1)],
    ['B', 1],
  ] as const;
  const [unit, size] = steps.find(([, bytes]) => memoryBytes >= bytes) ?? steps[3];
  const value = memoryBytes / size;
  return { value: formatNumber(value, Math.max(0, threeDigitDecimals(value)), options.locale), unit, band: null };
}
