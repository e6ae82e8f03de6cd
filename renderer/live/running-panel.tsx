import { type ReactNode, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { formatDuration } from '../../shared/format/duration.ts';
import { formatMoment } from '../../shared/format/moment.ts';
import type { LiveState } from '../../shared/model/live.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { hrefTo } from '../app/router.ts';
import { useEngine, useSettings } from '../connection/connection-context.tsx';
import { useRequest } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { CopyButton } from '../design/command-line.tsx';
import { EmptyState, LoadingBars } from '../design/empty-state.tsx';
import { KeySwatch } from '../design/key-swatch.tsx';
import { StateSign } from '../design/state-glyph.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { RunningRun } from './running-run.tsx';
import { StartRunDialog } from './start-run-dialog.tsx';
import { Watts } from './watts.tsx';

interface RunningPanelProps {
  readonly live: LiveState;
  readonly isStale: boolean;
}

const exampleCommand = 'wattrun run -- python train.py';

/** Who draws power now, and what belongs to nobody. */
export function RunningPanel({ live, isStale }: RunningPanelProps): ReactNode {
  const { t } = useTranslation();
  const [isStarting, setIsStarting] = useState(false);
  const running = live.runs.filter((run) => run.status === 'running');
  return (
    <section className="rcol" aria-label={t('live.running.heading')}>
      <div className="hd">
        <h2>{t('live.running.heading')}</h2>
        {running.length > 0 && <span className="q">{running.length}</span>}
        <div className="r">
          <Button look="ghost" size="small" icon="plus" disabled={isStale} onClick={() => setIsStarting(true)}>
            {t('live.running.start')}
          </Button>
        </div>
      </div>
      {running.map((run) => (
        <RunningRun key={run.id} run={run} live={live} isStale={isStale} />
      ))}
      {running.length === 0 ? (
        <NothingRunning onStart={() => setIsStarting(true)} />
      ) : (
        <NoRunRow live={live} isStale={isStale} />
      )}
      {isStarting && <StartRunDialog onClose={() => setIsStarting(false)} />}
    </section>
  );
}

function NoRunRow({ live, isStale }: RunningPanelProps): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const held = live.devices.find((device) => device.state === 'held-idle');
  return (
    <article className="rn1">
      <div className="row">
        <KeySwatch color="none" />
        <b className="cut">{t('live.running.noRun')}</b>
        <span className="grow" />
        <Watts watts={live.unattributedWatts} isStale={isStale} />
      </div>
      {held !== undefined && (
        <div className="t11 warn row tight">
          <StateSign of={{ kind: 'device', state: 'held-idle' }} />
          {t('live.running.held', {
            device: held.domain.label,
            duration: formatDuration(secondsFromMs(live.atMs - held.stateSinceMs), { locale, isWhole: true }),
          })}
        </div>
      )}
    </article>
  );
}

function NothingRunning({ onStart }: { readonly onStart: () => void }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const { request, description } = useEngine();
  const isFinding = useSettings()?.isFindingRuns === true;
  const { data } = useRequest('runs.list', { limit: 1 }, { refreshOn: ['runs.changed'] });
  if (data === null) return <LoadingBars />;
  const last = data.runs[0];
  if (last === undefined)
    return (
      <EmptyState
        title={t('live.running.noRuns')}
        actions={
          <>
            <CopyButton text={exampleCommand}>{t('live.running.copyCommand')}</CopyButton>
            {description?.canDemo === true && !description.isSimulated && (
              <Button size="small" onClick={() => void request('demo.enter', {})}>
                {t('demo.open')}
              </Button>
            )}
          </>
        }
      >
        <Trans
          i18nKey={isFinding ? 'live.running.noRunsFound' : 'live.running.noRunsText'}
          t={t}
          components={{ c: <span className="mono" /> }}
        />
      </EmptyState>
    );
  const moment = formatMoment(Date.parse(last.endedAt ?? last.startedAt), { locale, nowMs: Date.now() });
  return (
    <EmptyState
      title={t('live.running.nothing')}
      actions={
        <Button size="small" onClick={onStart}>
          {t('live.running.startByHand')}
        </Button>
      }
    >
      {t(isFinding ? 'live.running.nothingFound' : 'live.running.nothingText')}{' '}
      <a href={hrefTo({ page: 'run', runId: last.id })}>{t('live.running.lastRun', { name: last.name, moment })}</a>
    </EmptyState>
  );
}
