import { type Calibration, calibratedWatts, type Estimate, type Form, pointsOf, productForm } from './forms.ts';
import type { MeasuredMachine, MeasuredRow } from './measured-machines.ts';

/** A measured row with what was estimated of it by something that never saw its machine. */
export interface EstimatedRow extends MeasuredRow {
  readonly estimatedWatts: number;
}

export interface MachineResult {
  readonly name: string;
  /** Mean over rows of |estimated / measured − 1|. */
  readonly rowError: number;
  /** Mean over traces of |estimated energy / measured energy − 1|. */
  readonly energyError: number;
  readonly rows: readonly EstimatedRow[];
}

export interface Evaluation {
  readonly machines: readonly MachineResult[];
  readonly meanError: number;
  readonly worstError: number;
  readonly energyError: number;
}

/** The most that the product's model may err on machines that it was not fitted on. */
export const goals = { meanError: 0.33, worstError: 0.55, energyError: 0.14 } as const;

export const meetsGoals = ({ meanError, worstError, energyError }: Evaluation): boolean =>
  meanError <= goals.meanError && worstError <= goals.worstError && energyError <= goals.energyError;

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Every machine as one that the form has not seen: all that it fits is fitted on the others alone. */
export function leaveOneMachineOut(form: Form, machines: readonly MeasuredMachine[]): Evaluation {
  return evaluate(
    machines.map((machine) => {
      const estimate = form.fit(pointsOf(machines.filter((other) => other !== machine)));
      return resultOf(machine.name, estimateTraces(machine, estimate));
    }),
  );
}

/** On machines that have no part in any fit: `form` fitted on all of `fittedOn`. */
export function testElsewhere(
  form: Form,
  fittedOn: readonly MeasuredMachine[],
  machines: readonly MeasuredMachine[],
): Evaluation {
  const estimate = form.fit(pointsOf(fittedOn));
  return evaluate(machines.map((machine) => resultOf(machine.name, estimateTraces(machine, estimate))));
}

/** Each trace between the ends that the machine's other trace measured, or from the idle power of a model that has not seen the machine. */
export function calibrateByOtherTrace(machines: readonly MeasuredMachine[], calibration: Calibration): Evaluation {
  return evaluate(
    machines.map((machine) => {
      const { name, input, traces } = machine;
      const estimate = productForm.fit(pointsOf(machines.filter((other) => other !== machine)));
      const modelIdleWatts = calibration === 'both ends' ? null : estimate(input, 0);
      return resultOf(
        name,
        traces.map((trace, i) => {
          const watts = calibratedWatts(trace, traces[(i + 1) % traces.length] ?? [], modelIdleWatts);
          return trace.map((row, j) => ({ ...row, estimatedWatts: watts[j] ?? Number.NaN }));
        }),
      );
    }),
  );
}

/** The same machines as the product sees them where their parts are in no table. */
export const asUnknownParts = (machines: readonly MeasuredMachine[]): readonly MeasuredMachine[] =>
  machines.map((machine) => ({ ...machine, input: machine.assumedInput }));

const estimateTraces = ({ input, traces }: MeasuredMachine, estimate: Estimate): readonly (readonly EstimatedRow[])[] =>
  traces.map((trace) => trace.map((row) => ({ ...row, estimatedWatts: estimate(input, row.loadRatio) })));

function resultOf(name: string, traces: readonly (readonly EstimatedRow[])[]): MachineResult {
  const rows = traces.flat();
  return {
    name,
    rowError: mean(rows.map((row) => Math.abs(row.estimatedWatts / row.powerWatts - 1))),
    energyError: mean(traces.map((trace) => Math.abs(energyRatio(trace) - 1))),
    rows,
  };
}

function energyRatio(trace: readonly EstimatedRow[]): number {
  const joules = (wattsOf: (row: EstimatedRow) => number): number =>
    trace.reduce((sum, row) => sum + wattsOf(row) * row.durationSeconds, 0);
  return joules((row) => row.estimatedWatts) / joules((row) => row.powerWatts);
}

const evaluate = (machines: readonly MachineResult[]): Evaluation => ({
  machines,
  meanError: mean(machines.map((machine) => machine.rowError)),
  worstError: Math.max(...machines.map((machine) => machine.rowError)),
  energyError: mean(machines.map((machine) => machine.energyError)),
});

/** Measured over estimated, per row: what bounds are made of. */
export const measuredRatios = (
  { machines }: Evaluation,
  isTaken: (row: EstimatedRow) => boolean = () => true,
): readonly number[] =>
  machines.flatMap(({ rows }) => rows.filter(isTaken).map((row) => row.powerWatts / row.estimatedWatts));

/** Linear between order statistics (type 7); `values` in any order, not empty. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}
