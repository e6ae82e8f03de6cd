import { isSummed } from '../../shared/model/domain.ts';
import type { History } from '../../shared/model/history.ts';
import type { LiveDevice, LiveState } from '../../shared/model/live.ts';
import type { ChartSeries } from '../charts/chart-model.ts';
import { restTintPercent, seriesColor, tintPercent } from '../design/series.ts';
import { remainder, type WindowColumns } from './history-columns.ts';
import type { SeriesAsked } from './use-history.ts';

/** A run that has a part of the window. */
export interface WindowRun {
  readonly id: string;
  readonly name: string;
  readonly colorIndex: number;
  readonly fromMs: number;
  readonly toMs: number | null;
  /** GPUs that it draws from, in order; empty for a run that had ended before anyone looked. */
  readonly gpuIds: readonly string[];
}

/** Runs that history knows in the window and those that run now, by start; what was known of their GPUs before is kept. */
export function windowRuns(history: History | null, live: LiveState, before: readonly WindowRun[] = []): WindowRun[] {
  const gpuIds = new Set(
    live.devices.filter((device) => device.domain.kind === 'gpu').map((device) => device.domain.id),
  );
  const gpusBefore = new Map(before.map((run) => [run.id, run.gpuIds]));
  const known = new Map<string, WindowRun>(
    history?.runs.map((run) => [run.id, { ...run, gpuIds: gpusBefore.get(run.id) ?? [] }]),
  );
  for (const run of live.runs)
    known.set(run.id, {
      id: run.id,
      name: run.name,
      colorIndex: run.colorIndex,
      fromMs: run.startedAtMs,
      toMs: run.status === 'running' ? null : (known.get(run.id)?.toMs ?? live.atMs),
      gpuIds: run.deviceIds.filter((id) => gpuIds.has(id)),
    });
  return [...known.values()].toSorted((a, b) => a.fromMs - b.fromMs);
}

const runKey = (runId: string): string => `run ${runId}`;
const partKey = (runId: string, domainId: string): string => `part ${runId} ${domainId}`;
const domainKey = (domainId: string): string => `domain ${domainId}`;
export const machineKey = 'machine';
/** More GPUs than this are one area: thinner layers cannot be told apart. */
const mostParts = 8;

export function runSeriesAsked(runs: readonly WindowRun[]): SeriesAsked {
  const power = 'powerWatts';
  return [
    { key: machineKey, of: { kind: 'machine' }, quantity: power },
    ...runs.flatMap((run) => [
      { key: runKey(run.id), of: { kind: 'run' as const, runId: run.id }, quantity: power } as const,
      ...partsOf(run).map(
        (domainId) =>
          ({
            key: partKey(run.id, domainId),
            of: { kind: 'run-domain' as const, runId: run.id, domainId },
            quantity: power,
          }) as const,
      ),
    ]),
  ];
}

const partsOf = (run: WindowRun): readonly string[] => (run.gpuIds.length <= mostParts ? run.gpuIds : []);

export function deviceSeriesAsked(devices: readonly LiveDevice[]): SeriesAsked {
  return [
    { key: machineKey, of: { kind: 'machine' }, quantity: 'powerWatts' },
    ...summedDevices(devices).map(
      ({ domain }) =>
        ({ key: domainKey(domain.id), of: { kind: 'domain', domainId: domain.id }, quantity: 'powerWatts' }) as const,
    ),
  ];
}

export const summedDevices = (devices: readonly LiveDevice[]): LiveDevice[] =>
  devices.filter((device) => isSummed(device.domain.kind) && device.state !== 'unmeasured');

export interface LayerWords {
  readonly noRun: string;
  readonly rest: string;
}

const tinted = (color: string, percent: number): string =>
  `color-mix(in oklab, var(--${color}) ${percent}%, var(--tint))`;
const nobody = 'color-mix(in oklab, var(--none) 60%, var(--mix))';

/**
 * Nobody's grey at the bottom, then each run by start: tints of its colour for its GPUs, the palest for CPU and memory. Nobody has what these leave of the machine,
 * a deleted run's part too, so that they add up to it.
 */
export function runLayers(
  columns: WindowColumns,
  runs: readonly WindowRun[],
  inputs: { devices: readonly LiveDevice[]; words: LayerWords },
): ChartSeries[] {
  const labelOf = (id: string): string => inputs.devices.find((device) => device.domain.id === id)?.domain.label ?? id;
  const grey: ChartSeries = {
    key: 'nobody',
    label: inputs.words.noRun,
    color: nobody,
    kind: 'area',
    isGroupTop: true,
    mean: remainder(
      columns.byKey.get(machineKey)?.mean ?? [],
      runs.map(({ id }) => columns.byKey.get(runKey(id))?.mean ?? []),
    ),
  };
  const layers = runs.flatMap((run): ChartSeries[] => {
    const whole = columns.byKey.get(runKey(run.id))?.mean;
    if (whole === undefined) return [];
    const color = seriesColor(run.colorIndex);
    const parts = partsOf(run).flatMap((domainId, index) => {
      const mean = columns.byKey.get(partKey(run.id, domainId))?.mean;
      if (mean === undefined || mean.every((value) => value === null)) return [];
      return [{ key: partKey(run.id, domainId), label: `${run.name} · ${labelOf(domainId)}`, index, mean }];
    });
    if (parts.length === 0)
      return [
        {
          key: runKey(run.id),
          label: run.name,
          color: tinted(color, tintPercent(0)),
          kind: 'area',
          mean: whole,
          isGroupTop: true,
        },
      ];
    return [
      ...parts.map(
        ({ key, label, index, mean }): ChartSeries => ({
          key,
          label,
          color: tinted(color, tintPercent(index)),
          kind: 'area',
          mean,
        }),
      ),
      {
        key: `rest ${run.id}`,
        label: `${run.name} · ${inputs.words.rest}`,
        color: tinted(color, restTintPercent),
        kind: 'area',
        isGroupTop: true,
        mean: remainder(
          whole,
          parts.map((part) => part.mean),
        ),
      },
    ];
  });
  return [grey, ...layers];
}

/** CPU and memory in greys at the bottom, then GPUs in the series colours. */
export function deviceLayers(columns: WindowColumns, devices: readonly LiveDevice[]): ChartSeries[] {
  const ordered = summedDevices(devices).toSorted(
    (a, b) => Number(a.domain.kind === 'gpu') - Number(b.domain.kind === 'gpu') || a.domain.index - b.domain.index,
  );
  let greys = 0;
  return ordered.flatMap(({ domain }): ChartSeries[] => {
    const mean = columns.byKey.get(domainKey(domain.id))?.mean;
    if (mean === undefined) return [];
    const percent = 64 - 14 * (domain.kind === 'gpu' ? 0 : greys++ % 3);
    const color =
      domain.kind === 'gpu'
        ? tinted(seriesColor(domain.index), tintPercent(0))
        : `color-mix(in oklab, var(--none) ${percent}%, var(--mix))`;
    return [{ key: domainKey(domain.id), label: domain.label, color, kind: 'area', mean }];
  });
}
