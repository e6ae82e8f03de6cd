import type { CalibrationStatus } from '../../shared/model/calibration.ts';

export interface CalibrationActions {
  readonly status: CalibrationStatus;
  /** Asks the engine and shows what it answers, or its complaint. */
  readonly act: (asked: Promise<CalibrationStatus>) => void;
}
