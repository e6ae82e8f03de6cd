import type { ReactNode } from 'react';
import { useConnection, useLive } from '../connection/connection-context.tsx';
import { LoadingBars } from '../design/empty-state.tsx';
import { AlertStrips } from './alert-strips.tsx';
import { DeviceTable } from './device-table.tsx';
import { Figures } from './figures.tsx';
import { PowerSection } from './power-section.tsx';
import { RunningPanel } from './running-panel.tsx';
import type { WindowControl } from './time-window.ts';
import { useIsWide, WideOverview } from './wide-overview.tsx';

export function Overview(control: WindowControl): ReactNode {
  const live = useLive();
  const { status } = useConnection();
  const isWide = useIsWide();
  if (live === null) return status === 'lost' ? null : <LoadingBars widths={[32, 56, 48, 80, 72, 76]} />;
  const isStale = status !== 'connected';
  return (
    <div className="lv">
      <div className="head">
        <Figures live={live} isStale={isStale} />
        {!isStale && <AlertStrips alerts={live.alerts} />}
      </div>
      <PowerSection live={live} isStale={isStale} {...control} />
      <RunningPanel live={live} isStale={isStale} />
      <DeviceTable live={live} isStale={isStale} window={control.window} />
      {isWide && <WideOverview live={live} {...control} />}
    </div>
  );
}
