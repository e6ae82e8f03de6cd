import { type EnergyUnit, energyUnitForColumn, formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { decimalTails } from '../../shared/format/number-text.ts';
import { formatWattsColumn } from '../../shared/format/power.ts';
import { formatCoverage, formatShare, percentText } from '../../shared/format/ratio.ts';
import { isSummed } from '../../shared/model/domain.ts';
import type { RunDomain, RunReport } from '../../shared/model/run.ts';
import { hasMeter, runMeanWattsOn } from '../../shared/model/run-devices.ts';
import { EvidenceMark } from '../design/evidence.tsx';
import { GapSwatch } from '../design/key-swatch.tsx';
import { seriesColor } from '../design/series.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { EnergyTip } from './energy-tip.tsx';
import { moneyOfJoules } from './money-of-joules.ts';
import { usedDomains } from './run-devices.ts';
import { domainFill } from './run-domain-color.ts';

/** What each device took, how much of it is the run's, how that share was found, and on what evidence. */
export function RunDomainsTable({ report }: { readonly report: RunReport }) {
  const { t } = useWords();
  const locale = useLocale();
  const used = usedDomains(report.energy.domains);
  const rows = [...used.filter(({ kind }) => isSummed(kind)), ...used.filter(({ kind }) => !isSummed(kind))];
  // A meter at the wall is no device that a run could use.
  const unusedCount = report.energy.domains.filter((domain) => isSummed(domain.kind) && !used.includes(domain)).length;
  const unit = energyUnitForColumn(rows.map((domain) => domain.runJoules));
  const shares = rows.map((domain) => formatEnergyWithBounds(shareOf(domain), { locale, unit }));
  const tails = decimalTails(
    shares.map((share) => share.value),
    locale,
  );
  const most = Math.max(...rows.map((domain) => Math.max(domain.joules ?? 0, domain.runHighJoules ?? 0)), 0);
  return (
    <section className="sec dm">
      <div className="hd">
        <h2>{t('run.domains.title')}</h2>
        <span className="u">{unit}</span>
        <div className="r">{t('run.domains.key')}</div>
      </div>
      <div className="dm-scroll">
        <table className="tb d dt" aria-label={t('run.domains.title')}>
          <DomainsHead unit={unit} />
          <tbody>
            {rows.map((domain, index) => (
              <tr key={domain.id} className={isSummed(domain.kind) ? '' : 'beside'}>
                <td className="cut" title={domain.name}>
                  <span className="row">
                    <Key domain={domain} report={report} />
                    {domain.label}
                  </span>
                </td>
                <td className="n b">
                  <ShareValue
                    domain={domain}
                    report={report}
                    value={shares[index]?.value ?? ''}
                    tail={tails[index] ?? ''}
                  />
                </td>
                <td className="pm">{shares[index]?.band}</td>
                <td>{most > 0 && <DomainBar domain={domain} report={report} most={most} unit={unit} />}</td>
                <td className="n s">{percentText(formatShare(ratioOf(domain), { locale }))}</td>
                <td className="s cut" title={t(`run.splitHint.${domain.splitBy}`)}>
                  {isSummed(domain.kind) ? t(`run.split.${domain.splitBy}`) : t('run.domains.beside')}
                </td>
                <td className="n s">{formatWattsColumn(runMeanWattsOn(domain), { locale })}</td>
                <td className="n s">{formatWattsColumn(domain.peakWatts, { locale })}</td>
                <td className={domain.coverage < 0.95 ? 'n warn' : 'n s'}>
                  {formatCoverage(domain.coverage, { locale })}
                </td>
                <td>
                  <EvidenceMark provenance={domain.provenance} />
                </td>
              </tr>
            ))}
            {unusedCount > 0 && <UnusedRow count={unusedCount} />}
            {!hasMeter(report.energy.domains) && <RestRow />}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function DomainsHead({ unit }: { readonly unit: EnergyUnit }) {
  const { t } = useWords();
  return (
    <thead>
      <tr>
        <th scope="col" className="w-label">
          {t('run.domains.device')}
        </th>
        <th scope="col" className="n w-value">
          {unit}
        </th>
        <th scope="col" className="w-pm">
          ±
        </th>
        <th scope="col">
          <span className="vh">{t('run.domains.bar')}</span>
        </th>
        <th scope="col" className="n w-share">
          {t('run.domains.share')}
        </th>
        <th scope="col" className="w-split">
          {t('run.domains.split')}
        </th>
        <th scope="col" className="n w-watts">
          {t('run.domains.mean')}
        </th>
        <th scope="col" className="n w-peak">
          {t('run.domains.peak')}
        </th>
        <th scope="col" className="n w-seen">
          {t('runs.column.seen')}
        </th>
        <th scope="col" className="w-mark">
          <span className="vh">{t('runs.column.evidence')}</span>
        </th>
      </tr>
    </thead>
  );
}

const shareOf = (domain: RunDomain) => ({
  joules: domain.runJoules,
  lowJoules: domain.runLowJoules,
  highJoules: domain.runHighJoules,
});

const ratioOf = (domain: RunDomain): number | null =>
  domain.joules === null || domain.runJoules === null || domain.joules <= 0 ? null : domain.runJoules / domain.joules;

interface DomainProps {
  readonly domain: RunDomain;
  readonly report: RunReport;
}

function Key({ domain, report }: DomainProps) {
  const fill = domainFill(domain, report.energy.domains, seriesColor(report.run.colorIndex));
  return <i className="key" style={isSummed(domain.kind) ? { background: fill } : undefined} />;
}

interface ShareValueProps extends DomainProps {
  readonly value: string;
  readonly tail: string;
}

function ShareValue({ domain, report, value, tail }: ShareValueProps) {
  const locale = useLocale();
  if (domain.runJoules === null) return <span className="q">–</span>;
  const evidence = [{ provenance: domain.provenance, ratio: 1, sources: domain.source }];
  return (
    <EnergyTip
      energy={shareOf(domain)}
      evidence={evidence}
      coverage={domain.coverage}
      gain={domain.gain}
      cost={moneyOfJoules(report, domain.runJoules, locale)}
    >
      <span className="dec">
        {value}
        <i aria-hidden="true">{tail}</i>
      </span>
    </EnergyTip>
  );
}

/** The run's share as a bar with its bounds, inside the dotted outline of the whole device, all to one scale. */
function DomainBar({ domain, report, most, unit }: DomainProps & { readonly most: number; readonly unit: EnergyUnit }) {
  const { t } = useWords();
  const locale = useLocale();
  const percent = (joules: number | null): string => `${(100 * (joules ?? 0)) / most}%`;
  const { runJoules, runLowJoules: low, runHighJoules: high, joules } = domain;
  const whole = formatEnergyWithBounds(
    { joules, lowJoules: domain.lowJoules, highJoules: domain.highJoules },
    { locale, unit },
  );
  const fill = domainFill(domain, report.energy.domains, seriesColor(report.run.colorIndex));
  const isFirm = domain.provenance === 'counter' || domain.provenance === 'sensor';
  return (
    <span className="db" role="img" aria-label={t('run.domains.whole', { value: `${whole.value} ${unit}` })}>
      <u style={{ width: percent(joules) }} />
      <i
        className={isFirm ? '' : 'soft'}
        style={{ width: percent(runJoules), ...(isFirm ? { background: fill } : {}) }}
      />
      {low !== null && high !== null && (
        <b style={{ left: percent(low), width: `${(100 * Math.max(0, high - low)) / most}%` }} />
      )}
    </span>
  );
}

function UnusedRow({ count }: { readonly count: number }) {
  const { t } = useWords();
  return (
    <tr>
      <td className="q" colSpan={10}>
        {t('run.domains.unused', { count })}
      </td>
    </tr>
  );
}

/** What no source reads has its row too: hatched, never left out. */
function RestRow() {
  const { t } = useWords();
  return (
    <tr className="rest">
      <td>
        <span className="row">
          <GapSwatch />
          {t('run.domains.rest')}
        </span>
      </td>
      <td className="n q">–</td>
      <td />
      <td>
        <span className="ht hb" />
      </td>
      <td className="q" colSpan={6}>
        {t('run.domains.restParts')}
      </td>
    </tr>
  );
}
