import type { Handlers } from '../../shared/contract/contract.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import type { CalibrationDesk } from './calibration-desk.ts';

type CalibrationRequestName = Extract<keyof Handlers<EngineContract>, `calibration.${string}`>;

/** The contract's requests of a calibration. None waits for the two minutes. */
export const createCalibrationHandlers = (
  desk: CalibrationDesk,
): Pick<Handlers<EngineContract>, CalibrationRequestName> => ({
  'calibration.read': () => desk.read(),
  'calibration.start': (request) => desk.start(request),
  'calibration.cancel': () => desk.cancel(),
  'calibration.addTyped': (reading) => desk.addTyped(reading),
  'calibration.clear': () => desk.clear(),
});
