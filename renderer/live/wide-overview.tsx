import { type ReactNode, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveState } from '../../shared/model/live.ts';
import { usePalette } from '../charts/palette.ts';
import { useConnection } from '../connection/connection-context.tsx';
import { chartSpecs, lineOf, placedDevices, seriesAsked, usualDevices } from './chart-lines.ts';
import { ChartTile } from './chart-tile.tsx';
import './charts.css';
import { machineKey } from './power-layers.ts';
import { ProcessesView } from './processes-view.tsx';
import type { WindowControl } from './time-window.ts';
import { useHistory } from './use-history.ts';
import { useWindowWords } from './use-sentence.ts';
import { windowEvents } from './window-events.ts';
import { WindowLog } from './window-log.tsx';

const wideQuery = '(min-width: 1800px)';
const buckets = 360;
const shownBeside = ['utilization', 'memory', 'temperature'] as const;

const subscribe = (listener: () => void): (() => void) => {
  const query = matchMedia(wideQuery);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};

/** Whether the overview has room for what stands on pages of its own elsewhere. */
export const useIsWide = (): boolean => useSyncExternalStore(subscribe, () => matchMedia(wideQuery).matches);

/** On a large screen: use, memory and temperature under the table, processes and events at the right. */
export function WideOverview({
  live,
  window,
  onRange,
  onReset,
}: WindowControl & { readonly live: LiveState }): ReactNode {
  const { t } = useTranslation();
  const { status } = useConnection();
  const windowWords = useWindowWords();
  const isContrast = usePalette().theme === 'contrast';
  const placed = placedDevices(live.devices).slice(0, usualDevices(live.devices).length);
  const { columns, range, history } = useHistory(window, { maxPoints: buckets, series: seriesAsked(placed) });
  const events = windowEvents({ history, columns, machineKey, range, live });
  return (
    <>
      <div className="ov-charts">
        {shownBeside.map((name) => {
          const what = t(`live.six.${name}`);
          return (
            <section key={name} aria-label={what}>
              <ChartTile
                chosen={{ id: name, name, width: 'half', deviceIds: null }}
                place={0}
                count={1}
                isArranging={false}
                placed={placed}
                hasGpus
                bucketSeconds={columns?.bucketSeconds ?? null}
                isReduced={columns?.isReduced ?? false}
                evidence={[]}
                props={{
                  timesMs: columns?.timesMs ?? [],
                  ...range,
                  unit: chartSpecs[name].unit,
                  series: placed.map((device) => lineOf(device, { name, columns, isContrast })),
                  gaps: events.gaps,
                  alerts: events.alerts,
                  isSmall: true,
                  isLive: window.kind === 'live' && status === 'connected',
                  onRange,
                  onReset,
                  ariaSentence: t('live.six.sentence', { what, count: placed.length, window: windowWords(window) }),
                }}
              />
            </section>
          );
        })}
      </div>
      <div className="ov-side">
        <ProcessesView />
        <div className="hd">
          <h2>{t('live.six.inWindow')}</h2>
        </div>
        <WindowLog events={events} history={history} range={range} />
      </div>
    </>
  );
}
