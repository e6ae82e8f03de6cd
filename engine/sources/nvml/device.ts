import { wattsFromMilliwatts } from '../../../shared/units.ts';
import { powerWindowSecondsOf } from '../nvidia/nvidia-facts.ts';
import {
  type FieldQuery,
  fieldIds,
  type Handle,
  isForGood,
  isNoAnswer,
  type NvmlLibrary,
  type NvmlResult,
  nvmlCodes,
  powerScopes,
  valueOrNull,
} from './nvml-api.ts';

/** Which of the driver's ways to tell a power this device has. */
export interface PowerWays {
  readonly hasAverageField: boolean;
  readonly hasInstantField: boolean;
  /** nvmlDeviceGetPowerUsage, and the window that its value is the mean of. */
  readonly hasUsage: boolean;
  readonly usageWindowSeconds: number;
  /** Field of the power of the whole module (Grace Hopper); null where there is none. */
  readonly moduleFieldId: number | null;
  readonly hasPolicyFields: boolean;
}

/** What stays the same of a device as long as the driver lives, except its handle. */
export interface Device {
  handle: Handle;
  /** Part of the domain's id: the UUID, or the index where the driver tells none. */
  readonly key: string;
  readonly uuid: string | null;
  readonly index: number;
  readonly name: string;
  readonly architecture: number | null;
  readonly memoryTotalBytes: number | null;
  readonly hasCounter: boolean;
  /** Its counter and module power are those of a whole Grace Hopper module: the CPU's energy is in them. */
  readonly isModule: boolean;
  readonly ways: PowerWays;
}

/** Opens the device at an index of the driver; the code where it has none to give. */
export async function openDevice(library: NvmlLibrary, index: number): Promise<NvmlResult<Device>> {
  const found = await library.handleByIndex.later(index);
  if (found.kind === 'code') return found;
  const handle = found.value;
  const told = await library.uuid.later(handle);
  // By its UUID it is known: one that cannot be told just now is asked for later. A driver that tells none goes by its index.
  if (told.kind === 'code' && !isNoAnswer(told.code)) return told;
  const uuid = valueOrNull(told);
  const name = valueOrNull(await library.name.later(handle)) ?? 'NVIDIA GPU';
  const architecture = valueOrNull(await library.architecture.later(handle));
  const memory = valueOrNull(await library.memoryBytes.later(handle));
  const counted = await library.totalEnergyMillijoules.later(handle);
  // One that fails this once is there all the same: whether it can be used is seen as it is read.
  const hasCounter = counted.kind === 'value' || !isForGood(counted.code);
  const { ways, isModuleApart } = await findPowerWays(library, handle, { name, architecture });
  return {
    kind: 'value',
    value: {
      handle,
      key: uuid ?? `index-${index}`,
      uuid,
      index,
      name,
      architecture,
      memoryTotalBytes: memory?.total ?? null,
      hasCounter,
      isModule: isModuleApart || (isGraceModule(name) && (hasCounter || ways.moduleFieldId !== null)),
      ways,
    },
  };
}

/** 'NVIDIA GH200 480GB', 'NVIDIA GB200': Grace beside the GPU in one module, and one energy counter for both (zeus, pull request 172). */
const isGraceModule = (name: string): boolean => /\bG[HB]\d{3}\b/.test(name);

const queries = {
  average: { fieldId: fieldIds.powerAverage, scopeId: powerScopes.gpu },
  instant: { fieldId: fieldIds.powerInstant, scopeId: powerScopes.gpu },
  moduleAverage: { fieldId: fieldIds.powerAverage, scopeId: powerScopes.module },
  moduleInstant: { fieldId: fieldIds.powerInstant, scopeId: powerScopes.module },
  policyPower: { fieldId: fieldIds.perfPolicyPower, scopeId: 0 },
  policyThermal: { fieldId: fieldIds.perfPolicyThermal, scopeId: 0 },
} as const satisfies Record<string, FieldQuery>;

/** A module whose power differs by less than this from its GPU's is a driver that takes no notice of the scope. */
const moduleDiffersRatio = 1.02;

async function findPowerWays(
  library: NvmlLibrary,
  handle: Handle,
  gpu: { readonly name: string; readonly architecture: number | null },
): Promise<{ readonly ways: PowerWays; readonly isModuleApart: boolean }> {
  const usage = valueOrNull(await library.powerUsageMilliwatts.later(handle));
  const asked = await library.fields.later(handle, Object.values(queries));
  const answers = asked.kind === 'value' ? asked.value : [];
  const [average, instant, moduleAverage, moduleInstant, policyPower, policyThermal] = answers.map(valueOrNull);
  // A field of 0 W beside a usage that is more is a field that the driver does not fill.
  const isBelieved = (milliwatts: number | null | undefined): milliwatts is number =>
    milliwatts !== null && milliwatts !== undefined && (milliwatts > 0 || usage === null || usage <= 1000);
  const moduleMilliwatts = isBelieved(moduleAverage) ? moduleAverage : isBelieved(moduleInstant) ? moduleInstant : null;
  const gpuMilliwatts = isBelieved(moduleAverage) ? average : instant;
  const isModuleApart =
    moduleMilliwatts !== null &&
    isBelieved(gpuMilliwatts) &&
    moduleMilliwatts > gpuMilliwatts * moduleDiffersRatio + 1000;
  const hasModulePower = isModuleApart || (isGraceModule(gpu.name) && moduleMilliwatts !== null);
  return {
    isModuleApart,
    ways: {
      hasAverageField: isBelieved(average),
      hasInstantField: isBelieved(instant),
      hasUsage: usage !== null,
      // A driver that knows both fields and has no average for this device gives instants everywhere.
      usageWindowSeconds: isBelieved(instant) && !isBelieved(average) ? 0 : powerWindowSecondsOf(gpu),
      moduleFieldId: hasModulePower
        ? isBelieved(moduleAverage)
          ? fieldIds.powerAverage
          : fieldIds.powerInstant
        : null,
      hasPolicyFields: typeof policyPower === 'number' && typeof policyThermal === 'number',
    },
  };
}

/** One round of a device's power. */
export interface PowerLook {
  readonly powerWatts: number | null;
  readonly windowSeconds: number;
  /** Beside an average only. */
  readonly instantWatts: number | null;
  readonly moduleWatts: number | null;
  readonly moduleWindowSeconds: number;
  readonly powerNanoseconds: number | null;
  readonly thermalNanoseconds: number | null;
}

/** What a round asks of nvmlDeviceGetFieldValues: all its fields in one call. */
export function fieldQueriesOf({
  hasAverageField,
  hasInstantField,
  moduleFieldId,
  hasPolicyFields,
}: PowerWays): readonly FieldQuery[] {
  return [
    ...(hasAverageField ? [queries.average] : []),
    ...(hasInstantField ? [queries.instant] : []),
    ...(moduleFieldId === null ? [] : [{ fieldId: moduleFieldId, scopeId: powerScopes.module }]),
    ...(hasPolicyFields ? [queries.policyPower, queries.policyThermal] : []),
  ];
}

/** The average where there is one; else nvmlDeviceGetPowerUsage where that is an average; else an instant. */
export function powerLookOf(
  ways: PowerWays,
  asked: readonly FieldQuery[],
  answers: readonly NvmlResult<number>[],
  usageMilliwatts: number | null,
): PowerLook {
  const answerTo = (query: FieldQuery): number | null => valueOrNull(answers[placeOf(asked, query)]);
  const averageWatts = watts(answerTo(queries.average));
  const instantWatts = watts(answerTo(queries.instant));
  const usageWatts = watts(usageMilliwatts);
  const { moduleFieldId } = ways;
  const usageWindowSeconds = usageWatts === null ? 0 : ways.usageWindowSeconds;
  const windowSeconds = averageWatts !== null ? 1 : usageWindowSeconds;
  const powerWatts = averageWatts ?? (windowSeconds > 0 ? usageWatts : (instantWatts ?? usageWatts));
  return {
    powerWatts,
    windowSeconds: powerWatts === null ? 0 : windowSeconds,
    instantWatts: windowSeconds > 0 ? instantWatts : null,
    moduleWatts:
      moduleFieldId === null ? null : watts(answerTo({ fieldId: moduleFieldId, scopeId: powerScopes.module })),
    moduleWindowSeconds: moduleFieldId === fieldIds.powerAverage ? 1 : 0,
    powerNanoseconds: answerTo(queries.policyPower),
    thermalNanoseconds: answerTo(queries.policyThermal),
  };
}

function placeOf(asked: readonly FieldQuery[], { fieldId, scopeId }: FieldQuery): number {
  let place = 0;
  while (place < asked.length && (asked[place]?.fieldId !== fieldId || asked[place]?.scopeId !== scopeId)) place++;
  return place;
}

const watts = (milliwatts: number | null): number | null =>
  milliwatts === null ? null : wattsFromMilliwatts(milliwatts);

/** Codes after which a handle is worth nothing until it was asked for again, or NVML started again. */
export const isGone = (code: number): boolean =>
  code === nvmlCodes.gpuIsLost ||
  code === nvmlCodes.resetRequired ||
  code === nvmlCodes.uninitialized ||
  code === nvmlCodes.invalidArgument ||
  code === nvmlCodes.driverNotLoaded;
