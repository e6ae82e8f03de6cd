import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../../shared/format/duration.ts';
import { emissionsOfEnergy, formatEmissionsWithBounds } from '../../shared/format/emissions.ts';
import { formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatMoney } from '../../shared/format/money.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { formatCoverage } from '../../shared/format/ratio.ts';
import type { LiveDevice, LiveRun, LiveState } from '../../shared/model/live.ts';
import { hrefTo } from '../app/router.ts';
import { Button } from '../design/button.tsx';
import { EvidenceMark } from '../design/evidence.tsx';
import { seriesColor } from '../design/series.ts';
import { Sign } from '../design/sign.tsx';
import { StateGlyph, StateSign } from '../design/state-glyph.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { LiveProgressLine } from '../progress/live-progress.tsx';
import { ResumeButton } from '../runs/resume-button.tsx';
import { spans } from './number-spans.ts';
import { StopRunDialog } from './stop-run-dialog.tsx';
import { Watts } from './watts.tsx';

interface RunningRunProps {
  readonly run: LiveRun;
  readonly live: LiveState;
  readonly isStale: boolean;
}

/** One run that is going on: its power, its energy with bounds, what follows from it, and a way to end it. */
export function RunningRun({ run, live, isStale }: RunningRunProps): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const [isStopping, setIsStopping] = useState(false);
  const color = `var(--${seriesColor(run.colorIndex)})`;
  const bounds = { joules: run.totalJoules, lowJoules: run.lowJoules, highJoules: run.highJoules };
  const energy = formatEnergyWithBounds(bounds, { locale });
  const about = [
    run.project,
    devicesText(run, live.devices),
    formatDuration(run.durationSeconds, { locale, isWhole: true }),
    run.coverage < 0.999 ? t('live.running.seen', { coverage: formatCoverage(run.coverage, { locale }) }) : null,
  ];
  const costs = [
    run.costAmount === null || live.price === null
      ? null
      : formatMoney(run.costAmount, { locale, currency: live.price.currency }),
    run.emissionsGramsCO2e === null
      ? null
      : valueText(formatEmissionsWithBounds(emissionsOfEnergy(run.emissionsGramsCO2e, bounds), { locale })),
  ].filter((text) => text !== null);
  return (
    <article className="rn1">
      <div className="row">
        {run.isPaused === true ? (
          <span style={{ color }}>
            <Sign name="pause" />
          </span>
        ) : (
          <StateSign of={{ kind: 'run', state: run.status }} color={color} />
        )}
        <a className="cut rn1-name" href={hrefTo({ page: 'run', runId: run.id })}>
          {run.name}
        </a>
        <span className="grow" />
        <Watts watts={run.powerWatts} isStale={isStale} isLowerBound={run.isLowerBound} />
        <Button
          look="ghost"
          size="small"
          icon="stop"
          aria-label={t('live.running.stopRun', { name: run.name })}
          disabled={isStale}
          onClick={() => setIsStopping(true)}
        />
      </div>
      {run.isPaused === true && (
        <div className="row rn1-paused">
          <StateGlyph of={{ kind: 'run', state: 'paused' }} />
          <span className="grow" />
          <ResumeButton run={run} size="small" />
        </div>
      )}
      <div className="q cut t11">{about.filter((part) => part !== null && part !== '').join(' · ')}</div>
      <LiveProgressLine progress={run.progress} atMs={live.atMs} />
      <div className="row tight base">
        <span className="k15">{energy.value}</span>
        <span className="s">{energy.unit}</span>
        <span className="pm">{energy.band}</span>
        <EvidenceMark provenance={run.provenance} />
        <span className="grow" />
        <span className="s nw">{costs.join(' · ')}</span>
      </div>
      {isStopping && <StopRunDialog run={run} onClose={() => setIsStopping(false)} />}
    </article>
  );
}

/** 'GPU 0–3', 'GPU 0, 2', 'CPU': the GPUs where there are any, else everything. */
function devicesText(run: LiveRun, devices: readonly LiveDevice[]): string {
  const own = devices.filter((device) => run.deviceIds.includes(device.domain.id)).map((device) => device.domain);
  const gpus = own.filter((domain) => domain.kind === 'gpu').map((domain) => domain.index);
  if (gpus.length === 0) return own.map((domain) => domain.label).join(', ');
  return `GPU ${spans(gpus.toSorted((a, b) => a - b)).join(', ')}`;
}
