import { useState } from 'react';
import { formatEmissions } from '../../shared/format/emissions.ts';
import { formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatMoney } from '../../shared/format/money.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { Region } from '../../shared/model/carbon.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { useLive } from '../connection/connection-context.tsx';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { effectOf, hasEffect } from './settings-effect.ts';

interface EffectPanelProps {
  readonly settings: Settings;
  readonly regions: readonly Region[];
}

/** Today's emissions and cost as they were when the page was opened, and as they are now; and what leaves this machine. */
export function EffectPanel({ settings, regions }: EffectPanelProps) {
  const { t } = useWords();
  const locale = useLocale();
  const [before] = useState(settings);
  const today = useLive()?.today ?? null;
  const energyJoules = today?.energyJoules ?? null;
  const isChanged = hasEffect(before, settings);
  const energy = formatEnergyWithBounds(
    { joules: energyJoules, lowJoules: today?.lowJoules ?? null, highJoules: today?.highJoules ?? null },
    { locale },
  );
  const row = (of: Settings) => {
    const effect = effectOf(energyJoules, of, regions);
    return {
      emissions: valueText(formatEmissions(effect.gramsCO2e, { locale })),
      cost: formatMoney(effect.costAmount, { locale, currency: effect.currency }),
    };
  };
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
          <EffectRow label={t('settings.effect.now')} {...row(settings)} isNow />
          {isChanged && <EffectRow label={t('settings.effect.before')} {...row(before)} />}
        </tbody>
      </table>
      <div className="hd tp">
        <h2>{t('settings.leaves.title')}</h2>
      </div>
      <ul className="lv2">
        <li>
          <Sign name="ring" className="q" /> {t('settings.leaves.nothing')}
        </li>
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
