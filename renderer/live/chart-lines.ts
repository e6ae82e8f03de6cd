import type { Quantity } from '../../shared/model/history.ts';
import type { LiveDevice } from '../../shared/model/live.ts';
import { gibibytesFromBytes, kwhFromJoules, percentFromRatio } from '../../shared/units.ts';
import type { ChartSeries, ChartUnit } from '../charts/chart-model.ts';
import { seriesColor, seriesDash } from '../design/series.ts';
import type { ChartName, ChosenChart } from './chart-layout.ts';
import { cumulativeJoules, type SeriesColumns, scaled, type Values, type WindowColumns } from './history-columns.ts';
import { machineKey, summedDevices } from './power-layers.ts';
import { seriesKey } from './series-key.ts';
import type { SeriesAsked } from './use-history.ts';

const coloured = 8;

interface ChartSpec {
  readonly unit: ChartUnit;
  readonly quantity: Quantity;
  readonly value: (column: Values, of: SeriesColumns) => Values;
}

const same = (column: Values): Values => column;

export const chartSpecs: Readonly<Record<ChartName, ChartSpec>> = {
  power: { unit: 'watts', quantity: 'powerWatts', value: same },
  utilization: {
    unit: 'percent',
    quantity: 'utilizationRatio',
    value: (column) => scaled(column, percentFromRatio(1)),
  },
  memory: {
    unit: 'gibibytes',
    quantity: 'memoryUsedBytes',
    value: (column) => scaled(column, gibibytesFromBytes(1)),
  },
  temperature: { unit: 'celsius', quantity: 'temperatureCelsius', value: same },
  clock: { unit: 'megahertz', quantity: 'clockMegahertz', value: same },
  energy: {
    unit: 'kilowatt-hours',
    quantity: 'powerWatts',
    value: (column, { seconds }) => scaled(cumulativeJoules(column, seconds), kwhFromJoules(1)),
  },
};

/** A device with its place among all, which gives it the same colour in every chart. */
export interface PlacedDevice {
  readonly device: LiveDevice;
  readonly place: number;
}

/** What a chart shows unless it was told otherwise: GPUs where there are any; else everything that is measured. */
export function usualDevices(devices: readonly LiveDevice[]): readonly LiveDevice[] {
  const gpus = devices.filter((device) => device.domain.kind === 'gpu');
  return gpus.length > 0 ? gpus : summedDevices(devices);
}

/** Every device that a chart can be told to show, the usual ones first. */
export function placedDevices(devices: readonly LiveDevice[]): readonly PlacedDevice[] {
  const usual = usualDevices(devices);
  const others = devices.filter((device) => device.state !== 'unmeasured' && !usual.includes(device));
  return [...usual, ...others].map((device, place) => ({ device, place }));
}

/** The devices of a chart, in their own order whatever the order in which they were chosen. */
export function devicesOf(
  chart: Pick<ChosenChart, 'deviceIds'>,
  placed: readonly PlacedDevice[],
  usualCount: number,
): readonly PlacedDevice[] {
  const { deviceIds } = chart;
  if (deviceIds === null) return placed.slice(0, usualCount);
  return placed.filter(({ device }) => deviceIds.includes(device.domain.id));
}

/** Every device that one of the charts shows. */
export function shownDevices(
  charts: readonly ChosenChart[],
  placed: readonly PlacedDevice[],
  usualCount: number,
): readonly PlacedDevice[] {
  const shown = new Set(charts.flatMap((chart) => devicesOf(chart, placed, usualCount)));
  return placed.filter((each) => shown.has(each));
}

const quantities = [
  'powerWatts',
  'utilizationRatio',
  'memoryUsedBytes',
  'temperatureCelsius',
  'clockMegahertz',
] as const;

/** The contract takes 256 series: five of each device and the machine. */
const mostDevices = 50;

export function seriesAsked(placed: readonly PlacedDevice[]): SeriesAsked {
  return [
    { key: machineKey, of: { kind: 'machine' }, quantity: 'powerWatts' },
    ...placed.slice(0, mostDevices).flatMap(({ device }) =>
      quantities.map((quantity) => ({
        key: seriesKey(device, quantity),
        of: { kind: 'domain' as const, domainId: device.domain.id },
        quantity,
      })),
    ),
  ];
}

interface LineInputs {
  readonly name: ChartName;
  readonly columns: WindowColumns | null;
  readonly isContrast: boolean;
}

export function lineOf({ device, place }: PlacedDevice, { name, columns, isContrast }: LineInputs): ChartSeries {
  const spec = chartSpecs[name];
  const read = columns?.byKey.get(seriesKey(device, spec.quantity));
  const convert = (column: Values | undefined): Values =>
    column === undefined || read === undefined ? [] : spec.value(column, read);
  const line = {
    key: device.domain.id,
    label: device.domain.label,
    ...strokeOf(place, isContrast),
    kind: 'line' as const,
    ...(place < coloured ? { endLabel: shortLabel(device) } : {}),
    mean: convert(read?.mean),
  };
  return name === 'energy' ? line : { ...line, min: convert(read?.min), max: convert(read?.max) };
}

/** The ninth and on are grey. */
export function strokeOf(place: number, isContrast: boolean): { color: string; dash: readonly number[] } {
  return place < coloured
    ? { color: seriesColor(place), dash: seriesDash(place, isContrast) }
    : { color: 'none', dash: [] };
}

/** 'GPU 3' → 'G3', 'CPU 1' → 'C1'. */
const shortLabel = ({ domain }: LiveDevice): string =>
  `${domain.kind === 'dram' ? 'M' : domain.label.charAt(0)}${domain.index}`;
