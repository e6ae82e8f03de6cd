import type { CalibrationRequest, CalibrationStatus } from '../../shared/model/calibration.ts';

/** A calibration that takes 16 s in place of two minutes; `?calibrated` begins with one that is done. */
export function createFakeCalibration(emit: (status: CalibrationStatus) => void, isCalibrated: boolean) {
  const bare: CalibrationStatus = {
    running: null,
    lastResult: null,
    line: null,
    lineProblem: null,
    readingCount: 0,
    currentReadingCount: 0,
    cpuEnds: null,
    isCpuModelled: true,
    meters: ['rack-plug'],
    blockedBy: null,
  };
  const done: CalibrationStatus = {
    ...bare,
    lastResult: { kind: 'recorded', atMs: Date.now(), reason: null, message: null, cpuMessage: null },
    line: {
      gainRatio: 1.09,
      offsetWatts: 48,
      gainStandardError: 0.01,
      offsetStandardErrorWatts: 6,
      residualWatts: 4,
      readingCount: 4,
      leastMachineWatts: 610,
      mostMachineWatts: 4540,
      atLeast: { powerWatts: 713, lowWatts: 672, highWatts: 754 },
      atMost: { powerWatts: 4997, lowWatts: 4740, highWatts: 5254 },
      measuredAtMs: Date.now(),
      meters: ['rack-plug'],
    },
    readingCount: 6,
    currentReadingCount: 4,
    cpuEnds: { idleWatts: 61, fullWatts: 412, isIdleMeasured: false },
  };
  let status = isCalibrated ? done : bare;
  let timer: ReturnType<typeof setInterval> | undefined;
  const show = (next: CalibrationStatus): CalibrationStatus => {
    status = next;
    emit(next);
    return next;
  };
  const stop = (): void => clearInterval(timer);
  const steps = 16;
  return {
    read: () => status,
    start({ meter, isTypedLater }: CalibrationRequest): CalibrationStatus {
      let step = 0;
      const at = (): CalibrationStatus => ({
        ...status,
        running: {
          phase: step < steps / 2 ? 'idle' : 'load',
          progressRatio: step / steps,
          machineWatts: step < steps / 2 ? 612 : 980,
          wallWatts: meter === null ? null : step < steps / 2 ? 715 : 1116,
          meter,
          isReadingAwaited: isTypedLater && step % (steps / 2) >= steps / 2 - 2,
        },
        blockedBy: 'running',
      });
      stop();
      timer = setInterval(() => {
        step += 1;
        if (step >= steps) stop();
        show(step >= steps ? done : at());
      }, 1000);
      return show(at());
    },
    cancel(): CalibrationStatus {
      stop();
      const lastResult = {
        kind: 'cancelled',
        atMs: Date.now(),
        reason: null,
        message: null,
        cpuMessage: null,
      } as const;
      return show({ ...status, running: null, blockedBy: null, lastResult });
    },
    addTyped: () => status,
    clear: () => show(bare),
    close: stop,
  };
}
