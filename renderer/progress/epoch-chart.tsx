import type { CSSProperties, ReactNode } from 'react';
import {
  type EnergyUnit,
  energyInUnit,
  energyUnitForColumn,
  formatEnergyWithBounds,
} from '../../shared/format/energy.ts';
import { formatNumber, threeDigitDecimals } from '../../shared/format/number-text.ts';
import { quantityText } from '../../shared/format/quantity.ts';
import { partText } from '../../shared/format/ratio.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { axisEnd, type EpochBar, nameEvery } from './epoch-bars.ts';
import { useProgressWords } from './use-progress-words.ts';

export const unitOfBars = (bars: readonly EpochBar[]): EnergyUnit => energyUnitForColumn(bars.map((bar) => bar.joules));

interface EpochChartProps {
  readonly bars: readonly EpochBar[];
  readonly color: string;
}

/** A bar an epoch with its bounds; a hatched cap where part of its time was not seen. */
export function EpochChart({ bars, color }: EpochChartProps): ReactNode {
  const { t } = useProgressWords();
  const locale = useLocale();
  const unit = unitOfBars(bars);
  const end = axisEnd(bars.map((bar) => inUnit(bar, unit)));
  const every = nameEvery(bars.length);
  const text = (joules: number): string =>
    formatEnergyWithBounds({ joules, lowJoules: null, highJoules: null }, { locale, unit }).value;
  const joules = bars.map((bar) => bar.joules);
  const label = t('chart', {
    count: bars.length,
    least: text(Math.min(...joules)),
    most: text(Math.max(...joules)),
    unit,
  });
  return (
    <div className="eb-plot" role="img" aria-label={label}>
      <div className="eb-axis" aria-hidden="true">
        {[1, 0.5, 0].map((part) => (
          <span key={part} style={{ bottom: `${part * 100}%` }}>
            {formatNumber(end * part, part === 0 ? 0 : Math.max(0, threeDigitDecimals(end) - 1), locale)}
          </span>
        ))}
      </div>
      <div className="eb-bars" style={{ '--c': color } as CSSProperties}>
        {bars.map((bar, position) => (
          <Bar key={bar.key} bar={bar} end={end} unit={unit} isNamed={position % every === 0} />
        ))}
      </div>
    </div>
  );
}

const inUnit = (bar: EpochBar, unit: EnergyUnit): EpochBar => ({
  ...bar,
  joules: energyInUnit(bar.joules, unit),
  lowJoules: energyInUnit(bar.lowJoules, unit),
  highJoules: energyInUnit(bar.highJoules, unit),
  unseenJoules: energyInUnit(bar.unseenJoules, unit),
});

interface BarProps {
  readonly bar: EpochBar;
  readonly end: number;
  readonly unit: EnergyUnit;
  readonly isNamed: boolean;
}

function Bar({ bar, end, unit, isNamed }: BarProps): ReactNode {
  const { t } = useProgressWords();
  const locale = useLocale();
  const shown = inUnit(bar, unit);
  const percent = (value: number): string => `${Math.min(100, (value / end) * 100)}%`;
  const seen = bar.joules / (bar.joules + bar.unseenJoules || 1);
  const tip = [
    `${t('byEpoch')} ${bar.index ?? ''}: ${quantityText(formatEnergyWithBounds(bar, { locale, unit }))}`,
    bar.unseenJoules > 0 ? t('unseen', { percent: partText(1 - seen, { locale }) }) : null,
  ];
  return (
    <div className={bar.isDone ? 'eb1' : 'eb1 open'} title={tip.filter((part) => part !== null).join(' · ')}>
      <i style={{ height: percent(shown.joules) }} />
      {bar.unseenJoules > 0 && (
        <u className="ht" style={{ bottom: percent(shown.joules), height: percent(shown.unseenJoules) }} />
      )}
      {bar.highJoules > bar.lowJoules && (
        <b
          className={shown.highJoules > end ? 'cutoff' : ''}
          style={{ bottom: percent(shown.lowJoules), top: `calc(100% - ${percent(shown.highJoules)})` }}
        />
      )}
      {isNamed && <span>{bar.index}</span>}
    </div>
  );
}
