import { useEffect, useMemo, useState } from 'react';
import { formatNumber } from '../../shared/format/number-text.ts';
import type { SourceReport } from '../../shared/model/sensors.ts';
import { Page } from '../app/page.tsx';
import { TopBar } from '../app/top-bar.tsx';
import { useEngine, useLive } from '../connection/connection-context.tsx';
import { useRequest, wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { CopyButton } from '../design/command-line.tsx';
import { EmptyState, FailedState, LoadingBars } from '../design/empty-state.tsx';
import { Keys } from '../design/menu.tsx';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { useRepeated } from '../runs/use-repeated.ts';
import { AnsweringTable } from './answering-table.tsx';
import { HealthTable } from './health-table.tsx';
import { withLivePower } from './live-power.ts';
import { NeedsYou, NotHere } from './needs-you.tsx';
import { OwnCost } from './own-cost.tsx';
import { ReadingGaps } from './reading-gaps.tsx';
import { groupSources } from './sensor-groups.ts';
import { sensorReportText } from './sensor-report.ts';
import './sensors.css';
import { StandSection } from './stand-section.tsx';

const noSources: readonly SourceReport[] = [];
/** Present readings of the sources are not pushed; they are asked for this often. */
const refreshMs = 2000;

/** Where every number comes from, what is silent, and how to mend it. */
export function SensorsView() {
  const { t } = useWords();
  const live = useLive();
  const { description, status } = useEngine();
  const isLost = status === 'lost';
  const asked = useRequest('sensors.list', {}, { refreshOn: ['sensors.changed'] });
  useRepeated(asked.retry, refreshMs);
  const check = useCheck(asked.retry);
  const told = asked.data?.sources ?? noSources;
  const sources = useMemo(() => withLivePower(told, live?.devices), [told, live?.devices]);
  const groups = useMemo(() => groupSources(sources), [sources]);
  const labels = useMemo(() => new Map(live?.devices.map(({ domain }) => [domain.id, domain.label])), [live?.devices]);
  return (
    <>
      <TopBar
        title={t('sensors.title')}
        lead={
          asked.data !== null &&
          !isLost && (
            <span className="st s">
              <Sign name="disc" className={groups.answeringCount > 0 ? 'ok' : 'q'} />
              {t('sensors.answer', {
                count: groups.answeringCount,
                total: groups.answeringCount + groups.needsYou.length + failingCount(groups.table),
              })}
            </span>
          )
        }
      >
        <CopyButton text={sensorReportText(description, sources)} size="normal" icon="copy">
          {t('sensors.copyReport')}
        </CopyButton>
        <Button icon="refresh" disabled={check.isChecking} onClick={check.start}>
          {check.isChecking ? t('sensors.checking') : t('sensors.checkAll')} <Keys keys={['R']} />
        </Button>
      </TopBar>
      <Page>
        <div className="sn">
          <StandSection live={live} />
          <section className="li" aria-label={t('sensors.title')}>
            {asked.data === null && asked.error !== null ? (
              <FailedState what="table" error={asked.error} onRetry={asked.retry} />
            ) : asked.data === null ? (
              <LoadingBars widths={[90, 84, 92, 60]} />
            ) : (
              <>
                <Heading sources={groups.table} count={groups.answeringCount} />
                {groups.table.length === 0 ? (
                  <EmptyState title={t('sensors.none.title')}>{t('sensors.none.text')}</EmptyState>
                ) : (
                  <AnsweringTable sources={groups.table} labels={labels} isStale={isLost} />
                )}
                {check.errorCode !== null && (
                  <p className="ck-note crit">{t('sensors.checkFailed', { code: check.errorCode })}</p>
                )}
                <NeedsYou sources={groups.needsYou} isChecking={check.isChecking} onCheck={check.start} />
                <HealthTable live={live} />
                <NotHere sources={groups.absent} />
              </>
            )}
          </section>
          <aside className="ck" aria-label={t('sensors.aside')}>
            <ReadingGaps labels={labels} />
            <OwnCost live={live} />
          </aside>
        </div>
      </Page>
    </>
  );
}

const failingCount = (sources: readonly SourceReport[]): number =>
  sources.filter(({ state, remedies }) => state === 'failing' && remedies.length === 0).length;

function Heading({ sources, count }: { readonly sources: readonly SourceReport[]; readonly count: number }) {
  const { t } = useWords();
  const locale = useLocale();
  const devices = new Set(sources.flatMap((source) => source.domainIds)).size;
  const milliseconds = sources.reduce((sum, source) => sum + (source.readMilliseconds ?? 0), 0);
  return (
    <div className="hd">
      <h2>{t('sensors.answering.title')}</h2>
      <span className="q">
        {t('sensors.answering.sources', { count })}
        {t('comma')}
        {t('sensors.answering.devices', { count: devices })}
      </span>
      <div className="r">
        {milliseconds > 0 && (
          <span>{t('sensors.answering.round', { value: formatNumber(milliseconds, 1, locale) })}</span>
        )}
      </div>
    </div>
  );
}

/** Looks for every source anew: the button's and the R key's work. */
function useCheck(onDone: () => void) {
  const { request } = useEngine();
  const [isChecking, setIsChecking] = useState(false);
  const [errorCode, setErrorCode] = useState<string | null>(null);
  const start = (): void => {
    if (isChecking) return;
    setIsChecking(true);
    setErrorCode(null);
    request('sensors.check', {})
      .then(onDone, (error: unknown) => setErrorCode(wattrunError(error).code))
      .finally(() => setIsChecking(false));
  };
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'r' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest('input,textarea,select,[role="dialog"]') !== null)
        return;
      start();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
  return { isChecking, errorCode, start };
}
