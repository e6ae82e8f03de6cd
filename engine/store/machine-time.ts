import type { HistoryQuery, SeriesOf } from '../../shared/model/history.ts';
import type { Column } from './history-series.ts';

type Asked = HistoryQuery['series'];

/**
 * Columns in which runs and what no run took add up to the machine: their means are over the time that the machine was read in, where a run's own would be over the
 * time that it was on. A run that was on for a tenth of a bucket has a tenth of its power there.
 */
export function readInMachineTime(asked: Asked, read: (asked: Asked) => readonly Column[]): readonly Column[] {
  const power = { key: '', quantity: 'powerWatts' } as const;
  const wholes = asked.map(({ of }) => ({ ...power, of: wholeOf(of) }));
  const columns = read([...asked, ...wholes, { ...power, of: { kind: 'machine' } }]);
  const machineSeconds = columns.at(-1)?.seconds ?? [];
  return columns.slice(0, asked.length).map((column, i) => {
    const whole = columns[asked.length + i];
    return whole === undefined ? column : scaledBy(column, whole.seconds, machineSeconds);
  });
}

/** What says how long a series was there: all of the run, since a device of it may be read more seldom than the machine is. */
const wholeOf = (of: SeriesOf): SeriesOf => {
  switch (of.kind) {
    case 'run-domain':
      return { kind: 'run', runId: of.runId };
    case 'run':
    case 'unattributed':
      return of;
    case 'machine':
    case 'domain':
      return { kind: 'machine' };
  }
};

/** By the part of the machine's time in which the series was there; unchanged where a bucket has the value of a sample after it, or the machine's time is not known. */
function scaledBy(column: Column, wholeSeconds: readonly number[], machineSeconds: readonly number[]): Column {
  const ratios = wholeSeconds.map((own, i) => {
    const machine = machineSeconds[i] ?? 0;
    return own > 0 && machine > 0 ? Math.min(1, own / machine) : 1;
  });
  const seconds = column.seconds.map((own, i) => own / (ratios[i] ?? 1));
  const mean = column.mean.map((value, i) => (value === null ? null : value * (ratios[i] ?? 1)));
  // Without the run there is none of its power: the mean lies above its least.
  const min = column.min.map((value, i) => (value === null ? null : Math.min(value, mean[i] ?? value)));
  return { ...column, mean, min, seconds };
}
