import { type EnergyUnit, formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { decimalTails } from '../../shared/format/number-text.ts';
import { formatPower } from '../../shared/format/power.ts';
import type { LiveDevice } from '../../shared/model/live.ts';

/** A number of a column and the invisible digits that line up its decimal point with the others'. */
export interface AlignedText {
  readonly text: string;
  readonly tail: string;
}

export interface DeviceText {
  readonly watts: AlignedText;
  readonly energy: AlignedText;
}

/** Texts of the columns whose decimal points must line up. */
export function deviceTexts(
  devices: readonly LiveDevice[],
  { locale, unit }: { readonly locale: string; readonly unit: EnergyUnit },
): DeviceText[] {
  const watts = aligned(
    devices.map((device) => formatPower(device.powerWatts, { locale, style: 'device' }).value),
    locale,
  );
  const energies = aligned(
    devices.map(
      (device) =>
        formatEnergyWithBounds(
          { joules: device.energyTodayJoules, lowJoules: device.lowTodayJoules, highJoules: device.highTodayJoules },
          { locale, unit },
        ).value,
    ),
    locale,
  );
  return devices.map((_, index) => ({ watts: watts[index] ?? nothing, energy: energies[index] ?? nothing }));
}

const nothing: AlignedText = { text: '–', tail: '' };

function aligned(texts: readonly string[], locale: string): AlignedText[] {
  const tails = decimalTails(texts, locale);
  return texts.map((text, index) => ({ text, tail: tails[index] ?? '' }));
}
