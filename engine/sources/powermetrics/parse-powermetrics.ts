import {
  joulesFromMillijoules,
  meanWatts,
  secondsFromNanoseconds,
  wattsFromMilliwatts,
} from '../../../shared/units.ts';

/** One sample of powermetrics: Apple's own estimate, the mean over the sample's span. Null where it does not say. */
export interface PowermetricsSample {
  /** Since the sample before; null in a text without its header. */
  readonly elapsedSeconds: number | null;
  /** CPU clusters; on an Intel Mac the package with its graphics. */
  readonly cpuWatts: number | null;
  /** The GPU of an Apple chip; null on an Intel Mac. */
  readonly gpuWatts: number | null;
}

/** More than a Mac draws: an answer above it is no power. */
const mostWatts = 2000;

/** The value of the first `<key>name</key>` in a piece of a property list, if it is a number that can be. */
function numberAfter(piece: string, name: string): number | null {
  const match = new RegExp(`<key>${name}</key>\\s*<(real|integer)>\\s*([0-9.eE+-]{1,30})\\s*</\\1>`).exec(piece);
  const value = match?.[2] === undefined ? Number.NaN : Number(match[2]);
  return Number.isFinite(value) && value >= 0 ? value : null;
}

/**
 * The dictionary `<key>processor</key><dict>…` without the lists in it: clusters and cores repeat the names of the whole. Null where there is none.
 */
function processorOf(text: string): string | null {
  const start = text.indexOf('<key>processor</key>');
  if (start < 0) return null;
  const tags = /<(\/?)(dict|array)(\/?)>/g;
  tags.lastIndex = start;
  let depth = 0;
  let kept = '';
  let from = start;
  for (let tag = tags.exec(text); tag !== null; tag = tags.exec(text)) {
    if (tag[3] === '/') continue;
    if (depth === 1) kept += text.slice(from, tag.index);
    depth += tag[1] === '/' ? -1 : 1;
    if (depth <= 0) return kept;
    from = tags.lastIndex;
  }
  // Cut short: what is not there to its end is not told.
  return null;
}

/**
 * One property list of `powermetrics -f plist`: `cpu_power` and `gpu_power` in mW below `processor`; where they are 0 or not there (macOS 11; chips
 * that hand over their energy in batches) `cpu_energy` and `gpu_energy` in mJ over `elapsed_ns`; on an Intel Mac `package_watts` or
 * `package_joules`. Null where no power is told.
 */
export function parsePowermetricsPlist(text: string): PowermetricsSample | null {
  const processor = processorOf(text);
  if (processor === null) return null;
  const elapsedNanoseconds = numberAfter(text.slice(0, text.indexOf('<key>processor</key>')), 'elapsed_ns');
  const elapsedSeconds = elapsedNanoseconds === null ? null : secondsFromNanoseconds(elapsedNanoseconds);
  const over = (joules: number | null): number | null =>
    joules === null || elapsedSeconds === null ? null : meanWatts(joules, elapsedSeconds);
  const powerOf = (part: 'cpu' | 'gpu'): number | null => {
    const milliwatts = numberAfter(processor, `${part}_power`);
    const millijoules = numberAfter(processor, `${part}_energy`);
    const byEnergy = over(millijoules === null ? null : joulesFromMillijoules(millijoules));
    if (milliwatts === null || milliwatts === 0) return byEnergy ?? milliwatts;
    return wattsFromMilliwatts(milliwatts);
  };
  const packageWatts = numberAfter(processor, 'package_watts') ?? over(numberAfter(processor, 'package_joules'));
  const cpuWatts = plausible(powerOf('cpu') ?? packageWatts);
  const gpuWatts = plausible(powerOf('gpu'));
  return cpuWatts === null && gpuWatts === null ? null : { elapsedSeconds, cpuWatts, gpuWatts };
}

const plausible = (watts: number | null): number | null => (watts !== null && watts <= mostWatts ? watts : null);

const cpuLine = /^CPU Power:\s*([0-9.]{1,20})\s*(mW|W)\s*$/m;
const packageLine = /^Intel energy model derived package power \([^)\n]{1,40}\):\s*([0-9.]{1,20})\s*(mW|W)\s*$/m;
/** The GPU's own block repeats the line; the first one counts. */
const gpuLine = /^GPU Power:\s*([0-9.]{1,20})\s*(mW|W)\s*$/m;
const headerLine = /^\*\*\* Sampled system activity .*\(([0-9.]{1,20})ms elapsed\)/m;

/** One sample of `powermetrics -f text`, from its `*** Sampled system activity` to the next. Null where no power is told. */
export function parsePowermetricsText(text: string): PowermetricsSample | null {
  const wattsBy = (line: RegExp): number | null => {
    const match = line.exec(text);
    const value = Number(match?.[1] ?? Number.NaN);
    if (match === null || !Number.isFinite(value)) return null;
    return plausible(match[2] === 'mW' ? wattsFromMilliwatts(value) : value);
  };
  const elapsedMs = Number(headerLine.exec(text)?.[1] ?? Number.NaN);
  const cpuWatts = wattsBy(cpuLine) ?? wattsBy(packageLine);
  const gpuWatts = wattsBy(gpuLine);
  if (cpuWatts === null && gpuWatts === null) return null;
  return {
    elapsedSeconds: Number.isFinite(elapsedMs) ? secondsFromNanoseconds(elapsedMs * 1e6) : null,
    cpuWatts,
    gpuWatts,
  };
}

/** One property list is some 20 to 100 kB. */
const mostCharacters = 4_000_000;

/**
 * Cuts the output of `-f plist` into its property lists. They follow one another, a NUL before each but the first; the end of one is known at once by
 * `</plist>`, a second before the NUL of the next.
 */
export function createPlistSplitter(onPlist: (text: string) => void): (chunk: string) => void {
  const end = '</plist>';
  let carry = '';
  return (chunk) => {
    // Only the seam and what is new can hold an end that was not there before.
    let searchFrom = Math.max(0, carry.length - end.length);
    carry += chunk;
    for (let at = carry.indexOf(end, searchFrom); at >= 0; at = carry.indexOf(end)) {
      onPlist(carry.slice(0, at + end.length));
      carry = carry.slice(at + end.length);
      searchFrom = 0;
    }
    if (carry.length > mostCharacters) carry = '';
  };
}
