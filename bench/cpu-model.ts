// `npm run bench:cpu-model`: how far the CPU model, and others, lie from measured power on machines that they were not fitted on. Exit code 1 where the
// product's model misses its goals; skipped, with exit code 0, where the measurements are not there.

import { bandEnds } from '../engine/sources/cpu-model/cpu-bounds.ts';
import { fitCpuModel } from '../engine/sources/cpu-model/fit-cpu-model.ts';
import { percentFromRatio } from '../shared/units.ts';
import { capturesFolder } from '../tests/captures.ts';
import { type Form, pointsOf, productForm, referenceForms } from './cpu-model/forms.ts';
import {
  asUnknownParts,
  calibrateByOtherTrace,
  type EstimatedRow,
  type Evaluation,
  goals,
  leaveOneMachineOut,
  measuredRatios,
  meetsGoals,
  quantile,
  testElsewhere,
} from './cpu-model/leave-one-out.ts';
import { type MeasuredMachine, readCloudServers, readProfiledMachines } from './cpu-model/measured-machines.ts';
import { type Row, renderReport } from './report.ts';

const percent = (ratio: number): string => `${percentFromRatio(ratio).toFixed(1)} %`;

interface Measurements {
  readonly profiled: readonly MeasuredMachine[];
  readonly cloud: readonly MeasuredMachine[];
  /** The same machines by the load that was asked for, where `profiled` goes by a sample of 0.1 s. */
  readonly nominal: readonly MeasuredMachine[];
}

function errorRow({ label, fit }: Form, { profiled, cloud }: Measurements): Row {
  const left = leaveOneMachineOut({ label, fit }, profiled);
  const elsewhere = testElsewhere({ label, fit }, profiled, cloud);
  return { what: label, cells: [...errorCells(left), percent(elsewhere.meanError)] };
}

const errorCells = (evaluation: Evaluation): readonly string[] => [
  ...evaluation.machines.map((machine) => percent(machine.rowError)),
  percent(evaluation.meanError),
  percent(evaluation.worstError),
  percent(evaluation.energyError),
  meetsGoals(evaluation) ? 'PASS' : 'FAIL',
];

function renderErrors(measurements: Measurements): string {
  const { profiled, cloud } = measurements;
  const { idleShareOfTdp, wattsPerCoreGhz } = fitCpuModel(pointsOf(profiled));
  return renderReport({
    title: 'Error on machines that were left out of the fit',
    columns: [
      ...profiled.map((machine) => machine.name),
      'mean',
      'worst',
      'energy',
      'goals',
      `${cloud.length} cloud servers`,
    ],
    rows: [
      ...[productForm, ...referenceForms].map((form) => errorRow(form, measurements)),
      {
        what: 'Wattrun, by nominal load',
        cells: [...errorCells(leaveOneMachineOut(productForm, measurements.nominal)), '-'],
      },
      ...(['both ends', 'full alone'] as const).map((calibration) => ({
        what: `Wattrun, ${calibration} from the machine's other trace`,
        cells: [...errorCells(calibrateByOtherTrace(profiled, calibration)).slice(0, -1), '-', '-'],
      })),
    ],
    notes: [
      'Per machine: mean over rows of |estimated / measured − 1|, everything that a form fits fitted on the other three. Energy: |error of a trace’s total|, mean of both traces of a machine, then over machines.',
      `Goals: mean ${percent(goals.meanError)}, worst ${percent(goals.worstError)}, energy ${percent(goals.energyError)}. Cloud servers have no part in any fit, but e was made from them.`,
      `Fitted on all ${profiled.length}: a = ${idleShareOfTdp.toFixed(4)}, k = ${wattsPerCoreGhz.toFixed(4)} W per core and GHz.`,
    ],
  });
}

const shares = [0, 0.025, 0.05, 0.5, 0.95, 0.975, 1] as const;

function ratioRows(what: string, evaluations: readonly Evaluation[]): readonly Row[] {
  const parts = [
    { label: 'idle', isTaken: ({ loadRatio }: EstimatedRow): boolean => loadRatio <= bandEnds.idle },
    {
      label: 'partial load',
      isTaken: ({ loadRatio }: EstimatedRow): boolean => loadRatio > bandEnds.idle && loadRatio <= bandEnds.partial,
    },
    { label: 'high load', isTaken: ({ loadRatio }: EstimatedRow): boolean => loadRatio > bandEnds.partial },
    { label: 'all', isTaken: (): boolean => true },
  ];
  return parts.map(({ label, isTaken }) => {
    const ratios = evaluations.flatMap((evaluation) => measuredRatios(evaluation, isTaken));
    return {
      what: `${what}, ${label}`,
      cells: [`${ratios.length}`, ...shares.map((share) => quantile(ratios, share).toFixed(3))],
    };
  });
}

function renderRatios({ profiled, cloud }: Measurements): string {
  const unknown = profiled.map((left) =>
    testElsewhere(
      productForm,
      profiled.filter((other) => other !== left),
      asUnknownParts([left]),
    ),
  );
  return renderReport({
    title: 'Measured over estimated power, of what the model had not seen: where its bounds come from',
    columns: ['rows', 'least', '2.5 %', '5 %', 'median', '95 %', '97.5 %', 'greatest'],
    rows: [
      ...ratioRows('machines left out', [leaveOneMachineOut(productForm, profiled)]),
      ...ratioRows('cloud servers', [testElsewhere(productForm, profiled, cloud)]),
      ...ratioRows('machines left out, part unknown', unknown),
      ...ratioRows('cloud servers, part unknown', [testElsewhere(productForm, profiled, asUnknownParts(cloud))]),
      ...ratioRows('both ends calibrated', [calibrateByOtherTrace(profiled, 'both ends')]),
      ...ratioRows('full power calibrated', [calibrateByOtherTrace(profiled, 'full alone')]),
    ],
    notes: [`Idle: a load of up to ${percent(bandEnds.idle)}; high: above ${percent(bandEnds.partial)}.`],
  });
}

function main(): void {
  if (capturesFolder === null) {
    console.log(
      'Skipped: the measurements are not here. They belong in ../shared/data, or where WATTRUN_CAPTURES says.',
    );
    return;
  }
  const measurements = {
    profiled: readProfiledMachines(),
    cloud: readCloudServers(),
    nominal: readProfiledMachines('nominal'),
  };
  console.log(renderErrors(measurements));
  console.log(renderRatios(measurements));
  const isMet = meetsGoals(leaveOneMachineOut(productForm, measurements.profiled));
  console.log(`${isMet ? 'PASS' : 'FAIL'}: the product's model ${isMet ? 'meets' : 'misses'} its goals.`);
  if (!isMet) process.exitCode = 1;
}

main();
