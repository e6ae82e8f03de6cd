import { formatDuration } from '../../shared/format/duration.ts';
import { formatEmissionsWithBounds } from '../../shared/format/emissions.ts';
import { formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { figureText } from '../../shared/format/figure.ts';
import { formatFullMoment } from '../../shared/format/moment.ts';
import { formatMoney } from '../../shared/format/money.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { formatCoverage, percentText } from '../../shared/format/ratio.ts';
import { meanPowerOf } from '../../shared/model/comparison-figures.ts';
import { hrefTo, navigate } from '../app/router.ts';
import { Button } from '../design/button.tsx';
import { EvidenceMark } from '../design/evidence.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { EnergyTip } from '../runs/energy-tip.tsx';
import { evidenceOf } from '../runs/run-evidence.ts';
import { RunStateGlyph } from '../runs/run-state-glyph.tsx';
import { withReference } from './compare-choice.ts';
import type { ComparedRun } from './compared-run.ts';
import { RunKey } from './run-key.tsx';

interface HeadsProps {
  readonly runs: readonly ComparedRun[];
  /** Everything that is in the address, found or not. */
  readonly runIds: readonly string[];
}

/** Each run in its figures, the reference first. */
export function CompareHeads({ runs, runIds }: HeadsProps) {
  const { t } = useWords();
  return (
    <section className="cp-heads sec" aria-label={t('compare.runs')}>
      {runs.map((run, index) => (
        <Head key={run.id} run={run} isReference={index === 0} runIds={runIds} />
      ))}
    </section>
  );
}

interface HeadProps {
  readonly run: ComparedRun;
  readonly isReference: boolean;
  readonly runIds: readonly string[];
}

function Head({ run, isReference, runIds }: HeadProps) {
  const { t } = useWords();
  const { name } = run.report.run;
  const rest = runIds.filter((id) => id !== run.id);
  return (
    <article>
      <div className="row cp-name">
        <RunKey run={run} />
        <a className="cut run-name" href={hrefTo({ page: 'run', runId: run.id })} title={name}>
          {name}
        </a>
        {isReference ? (
          <span className="tag">{t('compare.reference')}</span>
        ) : (
          <Button
            look="ghost"
            size="small"
            icon="left"
            aria-label={t('compare.makeReference', { name })}
            onClick={() => navigate({ page: 'compare', runIds: withReference(runIds, run.id) })}
          />
        )}
        <span className="grow" />
        <RunStateGlyph run={run.report.run} />
        <Button
          look="ghost"
          size="small"
          icon="close"
          aria-label={t('compare.remove', { name })}
          onClick={() => navigate({ page: 'compare', runIds: rest })}
        />
      </div>
      <HeadFigures run={run} />
    </article>
  );
}

function HeadFigures({ run: { report } }: Pick<HeadProps, 'run'>) {
  const { t } = useWords();
  const locale = useLocale();
  const { energy, emissions, cost, run } = report;
  const bounds = { joules: energy.totalJoules, lowJoules: energy.lowJoules, highJoules: energy.highJoules };
  const shown = formatEnergyWithBounds(bounds, { locale });
  const parts = [
    formatDuration(run.durationSeconds, { locale, isWhole: run.endedAt === null }),
    figureText('watts', meanPowerOf(report), { locale }),
    valueText(formatEmissionsWithBounds(emissions, { locale })),
    ...(cost === null ? [] : [formatMoney(cost.amount, { locale, currency: cost.currency })]),
  ];
  return (
    <>
      <div className="fig md">
        <div className="v">
          {energy.totalJoules === null ? (
            <span className="q">–</span>
          ) : (
            <EnergyTip energy={bounds} evidence={evidenceOf(report)} coverage={energy.coverage}>
              {shown.value}
            </EnergyTip>
          )}
          {shown.unit !== null && <span className="u">{shown.unit}</span>}
          {shown.band !== null && <span className="pm">{shown.band}</span>}
          {energy.totalJoules === null ? (
            <span className="cp-note">{t('run.figure.noEnergy')}</span>
          ) : (
            run.status === 'running' && <span className="cp-note">{t('compare.soFar')}</span>
          )}
        </div>
      </div>
      <div className="cp-when on-paper">{formatFullMoment(Date.parse(run.startedAt), { locale })}</div>
      <div className="cp-parts">
        <span className="cut">{parts.join(' · ')}</span>
        <span className="row nw">
          <EvidenceMark provenance={energy.provenance} />
          {t('compare.seen', { share: percentText(formatCoverage(energy.coverage, { locale })) })}
        </span>
      </div>
    </>
  );
}
