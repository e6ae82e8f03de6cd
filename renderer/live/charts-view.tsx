import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Quantity } from '../../shared/model/history.ts';
import type { LiveDevice, LiveState } from '../../shared/model/live.ts';
import { gibibytesFromBytes, kwhFromJoules, percentFromRatio } from '../../shared/units.ts';
import { axisUnit } from '../charts/axis-text.ts';
import type { ChartSeries, ChartUnit, TimeChartProps } from '../charts/chart-model.ts';
import { usePalette } from '../charts/palette.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { valueAxis } from '../charts/value-axis.ts';
import { useConnection, useLive } from '../connection/connection-context.tsx';
import { FailedState, LoadingBars } from '../design/empty-state.tsx';
import { seriesColor, seriesDash } from '../design/series.ts';
import { cumulativeJoules, scaled, type Values, type WindowColumns } from './history-columns.ts';
import { machineKey, summedDevices } from './power-layers.ts';
import { ReadOut } from './read-out.tsx';
import { seriesKey } from './series-key.ts';
import type { WindowControl } from './time-window.ts';
import { type SeriesAsked, useHistory } from './use-history.ts';
import { useWindowWords } from './use-sentence.ts';
import { windowEvents } from './window-events.ts';

const buckets = 360;
const coloured = 8;
const quantities = [
  'powerWatts',
  'utilizationRatio',
  'memoryUsedBytes',
  'temperatureCelsius',
  'clockMegahertz',
] as const;

/** Six charts of every device, one crosshair over all, and what it reads. */
export function ChartsView(control: WindowControl): ReactNode {
  const live = useLive();
  if (live === null) return <LoadingBars widths={[48, 90, 72, 80]} />;
  return <SixCharts live={live} {...control} />;
}

function SixCharts({ live, window, onRange, onReset }: WindowControl & { readonly live: LiveState }): ReactNode {
  const { t } = useTranslation();
  const { status } = useConnection();
  const windowWords = useWindowWords();
  const isContrast = usePalette().theme === 'contrast';
  const devices = chartedDevices(live.devices);
  const result = useHistory(window, { maxPoints: buckets, series: seriesAsked(devices) });
  const { columns, range } = result;
  if (result.error !== null && columns === null)
    return <FailedState what="chart" error={result.error} onRetry={result.retry} />;
  const events = windowEvents({ history: result.history, columns, machineKey, range, live });
  const shared = {
    timesMs: columns?.timesMs ?? [],
    ...range,
    gaps: events.gaps,
    alerts: events.alerts,
    isSmall: true,
    isLive: window.kind === 'live' && status === 'connected',
    onRange,
    onReset,
  };
  return (
    <div className="lc">
      <div className="g6">
        {sixCharts.map((spec) => {
          const what = t(`live.six.${spec.name}`);
          const chart: TimeChartProps = {
            ...shared,
            unit: spec.unit,
            series: devices.map((device, index) => lineOf(device, index, { spec, columns, isContrast })),
            ariaSentence: t('live.six.sentence', { what, count: devices.length, window: windowWords(window) }),
          };
          return (
            <section key={spec.name} aria-label={what}>
              <div className="hd">
                <h2>{what}</h2>
                <span className="u">{axisUnit(spec.unit, valueAxis(chart).max).word}</span>
              </div>
              <div className="ch">
                <TimeChart {...chart} hasTip={false} />
              </div>
            </section>
          );
        })}
      </div>
      <ReadOut devices={devices} columns={columns} events={events} history={result.history} range={range} />
    </div>
  );
}

interface ChartSpec {
  readonly name: 'power' | 'utilization' | 'memory' | 'temperature' | 'clock' | 'energy';
  readonly unit: ChartUnit;
  readonly quantity: Quantity;
  readonly value: (column: Values, columns: WindowColumns) => Values;
}

const same = (column: Values): Values => column;
const sixCharts: readonly ChartSpec[] = [
  { name: 'power', unit: 'watts', quantity: 'powerWatts', value: same },
  {
    name: 'utilization',
    unit: 'percent',
    quantity: 'utilizationRatio',
    value: (column) => scaled(column, percentFromRatio(1)),
  },
  {
    name: 'memory',
    unit: 'gibibytes',
    quantity: 'memoryUsedBytes',
    value: (column) => scaled(column, gibibytesFromBytes(1)),
  },
  { name: 'temperature', unit: 'celsius', quantity: 'temperatureCelsius', value: same },
  { name: 'clock', unit: 'megahertz', quantity: 'clockMegahertz', value: same },
  {
    name: 'energy',
    unit: 'kilowatt-hours',
    quantity: 'powerWatts',
    value: (column, columns) =>
      scaled(cumulativeJoules(columns.timesMs, column, columns.bucketSeconds), kwhFromJoules(1)),
  },
];

interface LineInputs {
  readonly spec: ChartSpec;
  readonly columns: WindowColumns | null;
  readonly isContrast: boolean;
}

function lineOf(device: LiveDevice, index: number, { spec, columns, isContrast }: LineInputs): ChartSeries {
  const read = columns?.byKey.get(seriesKey(device, spec.quantity));
  const convert = (column: Values | undefined): Values =>
    column === undefined || columns === null ? [] : spec.value(column, columns);
  const line = {
    key: device.domain.id,
    label: device.domain.label,
    color: index < coloured ? seriesColor(index) : 'none',
    dash: index < coloured ? seriesDash(index, isContrast) : [],
    kind: 'line' as const,
    ...(index < coloured ? { endLabel: shortLabel(device) } : {}),
    mean: convert(read?.mean),
  };
  return spec.name === 'energy' ? line : { ...line, min: convert(read?.min), max: convert(read?.max) };
}

/** 'GPU 3' → 'G3', 'CPU 1' → 'C1'. */
const shortLabel = ({ domain }: LiveDevice): string =>
  `${domain.kind === 'dram' ? 'M' : domain.label.charAt(0)}${domain.index}`;

/** GPUs where there are any; else everything that is measured. */
const chartedDevices = (devices: readonly LiveDevice[]): LiveDevice[] => {
  const gpus = devices.filter((device) => device.domain.kind === 'gpu');
  return gpus.length > 0 ? gpus : summedDevices(devices);
};

/** The contract takes 256 series: five of each device and the machine. */
const mostDevices = 50;

function seriesAsked(devices: readonly LiveDevice[]): SeriesAsked {
  return [
    { key: machineKey, of: { kind: 'machine' }, quantity: 'powerWatts' },
    ...devices.slice(0, mostDevices).flatMap((device) =>
      quantities.map((quantity) => ({
        key: seriesKey(device, quantity),
        of: { kind: 'domain' as const, domainId: device.domain.id },
        quantity,
      })),
    ),
  ];
}
