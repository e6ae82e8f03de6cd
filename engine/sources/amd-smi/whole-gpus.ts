import type { AmdSmiGpu } from './amd-smi-gpu.ts';

/** Of what the tool lists, each thing that draws power once: no second dies, no partitions, and none under another's name. */
export const wholeGpus = (gpus: readonly AmdSmiGpu[]): readonly AmdSmiGpu[] =>
  withOwnIdentities(withoutSecondDies(gpus));

/**
 * A serial number that several share tells nothing apart: partitions of one accelerator (functions of one PCI device), of which the first with power is taken,
 * and boards whose number is masked, which go by their addresses.
 */
function withOwnIdentities(gpus: readonly AmdSmiGpu[]): readonly AmdSmiGpu[] {
  const bySerial = Map.groupBy(gpus, (gpu) => gpu.uniqueId);
  return [...bySerial].flatMap(([serial, sharers]) => {
    if (serial === null || sharers.length === 1) return sharers;
    const byDevice = Map.groupBy(sharers, (gpu) => gpu.busId?.replace(/\.\d$/, '') ?? `${gpu.index}`);
    return [...byDevice.values()].flatMap((parts) => {
      const part = parts.find((one) => one.powerWatts !== null) ?? parts[0];
      if (part === undefined) return [];
      return [byDevice.size === 1 ? part : { ...part, uniqueId: null }];
    });
  });
}

/** A second die whose neighbour tells the power of both is no domain: one that never has power would halve the coverage of every run. */
const withoutSecondDies = (gpus: readonly AmdSmiGpu[]): readonly AmdSmiGpu[] =>
  gpus.filter((gpu) => {
    const isCalledSecond = gpu.isSecondDie === true || twoDieName.test(gpu.name ?? '');
    const isSilent = gpu.powerWatts === null || gpu.powerWatts === 0;
    return !(isCalledSecond && isSilent && gpus.some((other) => isFirstDie(other, gpu)));
  });

/** amd-smi has no word for a second die. */
const twoDieName = /\bMI250X?\b/i;

const isFirstDie = (other: AmdSmiGpu, gpu: AmdSmiGpu): boolean =>
  Math.abs(other.index - gpu.index) === 1 && (other.powerWatts ?? 0) > 0;
