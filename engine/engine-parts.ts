import type { EventName, EventPayload } from '../shared/contract/contract.ts';
import type { EngineContract } from '../shared/contract/engine-contract.ts';
import type { LiveState } from '../shared/model/live.ts';
import type { Settings, SettingsPatch } from '../shared/model/settings.ts';
import type { AlertDesk } from './alerts/alert-desk.ts';
import type { CalibrationDesk } from './calibration/calibration-desk.ts';
import type { CalibrationOptions } from './calibration/run-calibration.ts';
import type { CarbonDesk } from './carbon/carbon-desk.ts';
import type { AskGrid } from './carbon/grid/ask-grid.ts';
import type { Clock } from './clock/clock.ts';
import type { Finder } from './finding/finder.ts';
import type { Machine, MachineFacts } from './machine/machine.ts';
import type { Pipeline } from './measuring/pipeline.ts';
import type { FileWatch } from './output/files/file-watch.ts';
import type { MarkBook } from './progress/mark-book.ts';
import type { RunBook } from './runs/run-book.ts';
import type { ControlSignal } from './runs/run-control.ts';
import type { Sampler } from './sampler/sampler.ts';
import type { SourceDefinition } from './sources/source.ts';
import type { Store } from './store/store.ts';

export type EngineEvent = {
  [K in EventName<EngineContract>]: { readonly name: K; readonly payload: EventPayload<EngineContract, K> };
}[EventName<EngineContract>];

export interface EngineOptions {
  readonly version: string;
  readonly store: Store;
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly machine: Machine;
  readonly definitions: readonly SourceDefinition[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly sysfsRoot: string;
  readonly procfsRoot: string;
  readonly isSimulated: boolean;
  readonly log: (message: string) => void;
  /** Runs left open whose process this engine goes on following. */
  readonly adoptRunIds?: readonly string[];
  /** Ends a process that a wrapped run owns. */
  readonly stopProcess?: (pid: number) => void;
  /** Holds, resumes or ends a process of a run, when an alert or a person says so. */
  readonly signalProcess?: (pid: number, signal: ControlSignal) => void;
  /** Another load or other lengths than a calibration's own. */
  readonly calibration?: Partial<Pick<CalibrationOptions, 'load' | 'schedule'>>;
  /** Another way to the grid's providers than the network. */
  readonly askGrid?: AskGrid;
  /** False: nothing is sampled by itself, the caller calls `tick`. */
  readonly isTicking?: boolean;
}

/** Everything that the parts of an engine share; built once, in `createEngine`. */
export interface EngineParts {
  readonly options: EngineOptions;
  readonly store: Store;
  readonly runs: RunBook;
  readonly marks: MarkBook;
  readonly files: FileWatch;
  readonly finder: Finder;
  readonly alerts: AlertDesk;
  readonly sampler: Sampler;
  readonly pipeline: Pipeline;
  readonly calibration: CalibrationDesk;
  readonly carbon: CarbonDesk;
  readonly startedAtMs: number;
  readonly facts: () => MachineFacts | null;
  readonly settings: () => Settings;
  readonly changeSettings: (patch: SettingsPatch) => Settings;
  readonly live: () => LiveState;
  readonly emit: (event: EngineEvent) => void;
}
