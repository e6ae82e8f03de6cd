import type { CalibrationStatus } from '../../shared/model/calibration.ts';
import type { WallCalibrated } from './calibration-book.ts';
import { estimateWall } from './wall-line.ts';

/** The line of the machine's present sum as the contract tells it, or why there is none. */
export function lineStatus({
  fit,
  readings,
  meterError,
}: WallCalibrated): Pick<CalibrationStatus, 'line' | 'lineProblem'> {
  if (fit.kind === 'refused') return { line: null, lineProblem: readings.length === 0 ? null : fit.message };
  const { line } = fit;
  return {
    lineProblem: null,
    line: {
      gainRatio: line.gainRatio,
      offsetWatts: line.offsetWatts,
      gainStandardError: line.gainStandardError,
      offsetStandardErrorWatts: line.offsetStandardErrorWatts,
      residualWatts: line.residualWatts,
      readingCount: line.pairCount,
      leastMachineWatts: line.leastMachineWatts,
      mostMachineWatts: line.mostMachineWatts,
      atLeast: estimateWall(line, line.leastMachineWatts, meterError),
      atMost: estimateWall(line, line.mostMachineWatts, meterError),
      measuredAtMs: Math.max(...readings.map(({ atMs }) => atMs)),
      meters: [...new Set(readings.map(({ meterName }) => meterName))],
    },
  };
}
