import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvidenceShare } from '../../shared/model/live.ts';
import { useAnnounce } from '../app/announcer.tsx';
import { axisUnit } from '../charts/axis-text.ts';
import type { TimeChartProps } from '../charts/chart-model.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { valueAxis } from '../charts/value-axis.ts';
import { Button } from '../design/button.tsx';
import { Select } from '../design/select.tsx';
import { ChartMenu } from '../exports/chart-menu.tsx';
import { useDragHandle } from './arranged-charts.tsx';
import { ChartDevices } from './chart-devices.tsx';
import { type ChosenChart, chartNames, withChange, withChartAt, withoutChart } from './chart-layout.ts';
import type { PlacedDevice } from './chart-lines.ts';
import { chooseCharts } from './charts-store.ts';

export interface ChartTileProps {
  readonly chosen: ChosenChart;
  /** From 0. */
  readonly place: number;
  readonly count: number;
  readonly isArranging: boolean;
  readonly props: TimeChartProps;
  readonly placed: readonly PlacedDevice[];
  readonly hasGpus: boolean;
  readonly bucketSeconds: number | null;
  readonly isReduced: boolean;
  readonly evidence: readonly EvidenceShare[];
}

/** One chart with its heading: what it shows, or what can be done to it. */
export function ChartTile(tile: ChartTileProps): ReactNode {
  const { t } = useTranslation();
  const { chosen, props, isArranging } = tile;
  const what = t(`live.six.${chosen.name}`);
  return (
    <>
      {isArranging ? (
        <ArrangeHeading {...tile} />
      ) : (
        <div className="hd">
          <h2>{what}</h2>
          <span className="u">{axisUnit(props.unit, valueAxis(props).max).word}</span>
          <div className="r">
            <ChartMenu
              title={what}
              chart={{ kind: 'time', props }}
              bucketSeconds={tile.bucketSeconds}
              isReduced={tile.isReduced}
              evidence={tile.evidence}
            />
          </div>
        </div>
      )}
      <div className="ch">
        <TimeChart {...props} hasTip={false} />
      </div>
    </>
  );
}

function ArrangeHeading({ chosen, place, count, placed, hasGpus }: ChartTileProps): ReactNode {
  const { t } = useTranslation(['charts', 'app']);
  const nth = place + 1;
  const name = t(`app:live.six.${chosen.name}`);
  const change = (part: Partial<Omit<ChosenChart, 'id'>>): void =>
    chooseCharts((charts) => withChange(charts, chosen.id, part));
  return (
    <div className="hd arrange">
      <MoveHandle id={chosen.id} name={name} place={place} count={count} />
      <Select
        size="small"
        look="button"
        label={t('quantity', { place: nth })}
        value={chosen.name}
        onChange={(next) => change({ name: next })}
        choices={chartNames.map((value) => ({ value, label: t(`app:live.six.${value}`) }))}
      />
      <ChartDevices
        label={t('devices', { place: nth })}
        deviceIds={chosen.deviceIds}
        placed={placed}
        hasGpus={hasGpus}
        onChange={(deviceIds) => change({ deviceIds })}
      />
      <div className="r">
        <Button
          size="small"
          icon="wide"
          aria-label={t('fullWidth', { place: nth })}
          aria-pressed={chosen.width === 'full'}
          onClick={() => change({ width: chosen.width === 'full' ? 'half' : 'full' })}
        />
        <Button
          look="ghost"
          size="small"
          icon="close"
          aria-label={t('remove', { name })}
          disabled={count === 1}
          onClick={() => chooseCharts((charts) => withoutChart(charts, chosen.id))}
        />
      </div>
    </div>
  );
}

interface MoveHandleProps {
  readonly id: string;
  readonly name: string;
  readonly place: number;
  readonly count: number;
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** Dragged by a pointer, moved one place by an arrow key, to an end by Home and End; it keeps the focus. */
function MoveHandle({ id, name, place, count }: MoveHandleProps): ReactNode {
  const { t } = useTranslation('charts');
  const handle = useDragHandle();
  const announce = useAnnounce();
  const button = useRef<HTMLButtonElement | null>(null);
  const isMoved = useRef(false);
  // Elements that change places lose the focus where the browser takes one of them out for it.
  useEffect(() => {
    if (isMoved.current) button.current?.focus();
    isMoved.current = false;
  });
  const press = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    const ends: Readonly<Record<string, number>> = { Home: 0, End: count - 1 };
    const to = step === undefined ? ends[event.key] : place + step;
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (to < 0 || to >= count || to === place) return;
    isMoved.current = true;
    chooseCharts((charts) => withChartAt(charts, id, to));
    announce(t('moved', { name, place: to + 1, count }));
  };
  const attach = (element: HTMLButtonElement | null): void => {
    button.current = element;
    handle?.setActivatorNodeRef(element);
  };
  return (
    <Button
      {...{ ref: attach }}
      {...handle?.listeners}
      look="ghost"
      size="small"
      icon="grip"
      className="grip"
      aria-label={t('move', { name })}
      title={t('moveHow')}
      onKeyDown={press}
    />
  );
}
