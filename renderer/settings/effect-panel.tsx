import { useEffect, useState } from 'react';
import { formatEmissions } from '../../shared/format/emissions.ts';
import { formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatMoney } from '../../shared/format/money.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { LiveState } from '../../shared/model/live.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { useCarbonWords } from '../carbon/use-carbon-words.ts';
import { useLive } from '../connection/connection-context.tsx';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { hasEffect } from './settings-effect.ts';

interface EffectPanelProps {
  readonly settings: Settings;
}

const providerNames = {
  'electricity-maps': 'Electricity Maps',
  'gb-carbon-intensity': 'GB Carbon Intensity API',
  'entso-e': 'ENTSO-E',
} as const;

interface Rates {
  readonly gramsPerJoule: number | null;
  readonly costPerJoule: number | null;
  readonly currency: string;
}

/** What a joule of today emitted and cost: by the grid's readings and the tariff, where there are any. */
function ratesOf({ energyJoules, emissionsGramsCO2e, costAmount }: LiveState['today'], currency: string): Rates {
  const per = (amount: number | null): number | null =>
    amount === null || !energyJoules ? null : amount / energyJoules;
  return { currency, gramsPerJoule: per(emissionsGramsCO2e), costPerJoule: per(costAmount) };
}

const times = (joules: number | null, rate: number | null): number | null =>
  joules === null || rate === null ? null : joules * rate;

/** Today's emissions and cost as they were when the page was opened, and as they are now; and what leaves this machine. */
export function EffectPanel({ settings }: EffectPanelProps) {
  const { t } = useWords();
  const { t: say } = useCarbonWords();
  const locale = useLocale();
  const [before] = useState(settings);
  const today = useLive()?.today ?? null;
  const energyJoules = today?.energyJoules ?? null;
  const isChanged = hasEffect(before, settings);
  const energy = formatEnergyWithBounds(
    { joules: energyJoules, lowJoules: today?.lowJoules ?? null, highJoules: today?.highJoules ?? null },
    { locale },
  );
  const [opened, setOpened] = useState<Rates | null>(null);
  useEffect(() => {
    if (today !== null) setOpened((known) => known ?? ratesOf(today, settings.currency));
  }, [today, settings.currency]);
  const row = (rates: Rates | null) => ({
    emissions: valueText(formatEmissions(times(energyJoules, rates?.gramsPerJoule ?? null), { locale })),
    cost: formatMoney(times(energyJoules, rates?.costPerJoule ?? null), {
      locale,
      currency: rates?.currency ?? settings.currency,
    }),
  });
  return (
    <aside className="pv2" aria-label={t('settings.effect.title')}>
      <div className="hd">
        <h2>{t('settings.effect.title')}</h2>
      </div>
      <p className="s">{t('settings.effect.text')}</p>
      <table className="tb d">
        <thead>
          <tr>
            <th scope="col">{t('settings.effect.today', { energy: valueText(energy) })}</th>
            <th scope="col" className="n">
              {t('settings.effect.emissions')}
            </th>
            <th scope="col" className="n">
              {t('settings.effect.cost')}
            </th>
          </tr>
        </thead>
        <tbody>
          <EffectRow
            label={t('settings.effect.now')}
            {...row(today === null ? null : ratesOf(today, settings.currency))}
            isNow
          />
          {isChanged && <EffectRow label={t('settings.effect.before')} {...row(opened)} />}
        </tbody>
      </table>
      <div className="hd tp">
        <h2>{t('settings.leaves.title')}</h2>
      </div>
      <ul className="lv2">
        {settings.gridProvider === null || settings.gridProvider === 'csv' ? (
          <li>
            <Sign name="ring" className="q" /> {t('settings.leaves.nothing')}
          </li>
        ) : (
          <li>
            <Sign name="disc" className="warn" />{' '}
            {say('grid.leaves', { provider: providerNames[settings.gridProvider], zone: settings.gridZone ?? '–' })}
          </li>
        )}
        {settings.wallMeters.length > 0 && (
          <li>
            <Sign name="disc" className="q" /> {t('settings.leaves.meters', { count: settings.wallMeters.length })}
          </li>
        )}
      </ul>
      <p className="q">{t('settings.leaves.text')}</p>
    </aside>
  );
}

interface EffectRowProps {
  readonly label: string;
  readonly emissions: string;
  readonly cost: string;
  readonly isNow?: boolean;
}

function EffectRow({ label, emissions, cost, isNow = false }: EffectRowProps) {
  const look = isNow ? 'n b' : 'n q';
  return (
    <tr>
      <td className={isNow ? 'cut' : 'cut q'}>{label}</td>
      <td className={look}>{emissions}</td>
      <td className={look}>{cost}</td>
    </tr>
  );
}
