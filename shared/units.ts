/** Every unit conversion of the project. Nowhere else do 3600, 3.6e6 or 1e3-as-a-unit appear. */

/** The step of the prefix k: W to kW, g to kg, kWh to MWh. */
export const kilo = 1000;

const JOULES_PER_KWH = 3_600_000;
const MILLISECONDS_PER_SECOND = 1000;

export const kwhFromJoules = (energyJoules: number): number => energyJoules / JOULES_PER_KWH;
export const joulesFromKwh = (energyKwh: number): number => energyKwh * JOULES_PER_KWH;
export const wattHoursFromJoules = (energyJoules: number): number => energyJoules / 3600;
export const joulesFromWattHours = (energyWattHours: number): number => energyWattHours * 3600;
export const joulesFromPicowattHours = (energyPicowattHours: number): number => (energyPicowattHours * 3600) / 1e12;
export const wattsFromKilowatts = (powerKilowatts: number): number => powerKilowatts * kilo;
export const msFromNanoseconds = (durationNanoseconds: number): number => durationNanoseconds / 1e6;
export const secondsFromNanoseconds = (durationNanoseconds: number): number => durationNanoseconds / 1e9;
export const joulesFromMillijoules = (energyMillijoules: number): number => energyMillijoules / 1000;
export const secondsFromMicroseconds = (microseconds: number): number => microseconds / 1_000_000;
export const joulesFromMicrojoules = (energyMicrojoules: number): number => energyMicrojoules / 1_000_000;
export const wattsFromMilliwatts = (powerMilliwatts: number): number => powerMilliwatts / 1000;
export const wattsFromMicrowatts = (powerMicrowatts: number): number => powerMicrowatts / 1_000_000;
export const celsiusFromMillidegrees = (temperatureMillidegrees: number): number => temperatureMillidegrees / 1000;
export const gigahertzFromKilohertz = (frequencyKilohertz: number): number => frequencyKilohertz / 1_000_000;
export const megahertzFromHertz = (frequencyHertz: number): number => frequencyHertz / 1_000_000;
export const ratioFromPercent = (percent: number): number => percent / 100;
export const percentFromRatio = (ratio: number): number => ratio * 100;
export const bytesFromMebibytes = (mebibytes: number): number => mebibytes * 1024 * 1024;
export const bytesFromKibibytes = (kibibytes: number): number => kibibytes * 1024;
export const bytesFromGibibytes = (gibibytes: number): number => gibibytes * 1024 ** 3;
export const gibibytesFromBytes = (bytes: number): number => bytes / 1024 ** 3;
export const microsecondsFromMs = (durationMs: number): number => durationMs * 1000;
export const secondsFromMs = (durationMs: number): number => durationMs / MILLISECONDS_PER_SECOND;
export const msFromSeconds = (durationSeconds: number): number => durationSeconds * MILLISECONDS_PER_SECOND;
export const msFromHours = (hours: number): number => hours * 3600 * MILLISECONDS_PER_SECOND;
/** Julian years of 365.25 days. */
export const secondsFromYears = (years: number): number => years * 365.25 * 24 * 3600;
export const gramsFromKilograms = (kilograms: number): number => kilograms * kilo;

/** Mean power in watts over a span; null where the span is empty, never Infinity. */
export const meanWatts = (energyJoules: number, durationSeconds: number): number | null =>
  durationSeconds > 0 ? energyJoules / durationSeconds : null;

/** Energy an hour at the mean of a span; null where the span is empty. */
export const joulesPerHour = (energyJoules: number, durationSeconds: number): number | null =>
  durationSeconds > 0 ? (energyJoules / durationSeconds) * 3600 : null;

/** ISO 8601 UTC with milliseconds, the form of every stored and exported time. */
export const isoFromUnixMs = (timestampMs: number): string => new Date(timestampMs).toISOString();
