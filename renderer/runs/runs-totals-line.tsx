import { formatEmissionsWithBounds } from '../../shared/format/emissions.ts';
import { energyUnitFor, formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatMoney } from '../../shared/format/money.ts';
import { missing } from '../../shared/format/number-text.ts';
import type { RunStatus } from '../../shared/model/run.ts';
import { hrefTo } from '../app/router.ts';
import { useSettings } from '../connection/connection-context.tsx';
import { Figure } from '../design/figure.tsx';
import { StateGlyph } from '../design/state-glyph.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import type { RunTotals } from './run-totals.ts';

/** Energy, emissions and cost of the runs shown, and how it is spread over the ways they ended. */
export function RunsTotalsLine({ totals }: { readonly totals: RunTotals }) {
  const { t } = useWords();
  const locale = useLocale();
  const settings = useSettings();
  const options = { locale, isLowerBound: totals.isLowerBound };
  const energy = formatEnergyWithBounds(totals, options);
  const emissions = formatEmissionsWithBounds(totals, options);
  const costs = totals.costs.map(({ currency, amount }) => formatMoney(amount, { locale, currency }));
  return (
    <div className="sum">
      <Figure
        label={t('runs.total.energy')}
        value={dimmed(energy.value)}
        {...(energy.unit === null ? {} : { unit: energy.unit })}
        plusMinus={energy.band}
      />
      <Figure
        label={t('runs.total.emissions')}
        value={dimmed(emissions.value)}
        {...(emissions.unit === null ? {} : { unit: emissions.unit })}
      />
      <Figure
        label={t('runs.total.cost')}
        value={costs.length === 0 ? <span className="q">–</span> : costs.join(' + ')}
      >
        {settings?.pricePerKwh === null && costs.length === 0 && (
          <div className="x">
            <a href={hrefTo({ page: 'settings' })}>{t('runs.setPrice')}</a>
          </div>
        )}
      </Figure>
      <WhereItWent totals={totals} />
    </div>
  );
}

/** A missing sum stands in the hint colour. */
const dimmed = (value: string) => (value === missing ? <span className="q">{value}</span> : value);

const barColors: Readonly<Record<RunStatus, string>> = {
  finished: 'var(--ink-3)',
  running: 'var(--accent)',
  stopped: 'var(--line-2)',
  interrupted: 'var(--warn-mark)',
  failed: 'var(--crit)',
};

function WhereItWent({ totals }: { readonly totals: RunTotals }) {
  const { t } = useWords();
  const locale = useLocale();
  if (totals.joules === null || totals.joules <= 0) return null;
  const unit = energyUnitFor(totals.joules);
  // As finely as their bounds allow, like the sum beside them: of one way alone it is the same number.
  const parts = totals.byStatus.map((part) => ({
    status: part.status,
    joules: part.joules,
    text: formatEnergyWithBounds(part, { locale, unit }).value,
  }));
  const words = parts.map((part) => `${t(`state.run.${part.status}`)} ${part.text}`).join(', ');
  return (
    <div className="went">
      <div className="l">{t('runs.total.where', { unit })}</div>
      <div className="wb" role="img" aria-label={`${t('runs.total.where', { unit })}: ${words}`}>
        {parts.map((part) => (
          <i key={part.status} style={{ flexGrow: part.joules, background: barColors[part.status] }} />
        ))}
      </div>
      <div className="wl">
        {parts.map((part) => (
          <span className="row" key={part.status}>
            <StateGlyph of={{ kind: 'run', state: part.status }} /> <b>{part.text}</b>
          </span>
        ))}
      </div>
    </div>
  );
}
