/** One GPU as amd-smi or rocm-smi tells of it; null is 'not told'. */
export interface AmdSmiGpu {
  /** Number that the tool gives it: N of 'gpu: N' and of 'cardN'. */
  readonly index: number;
  readonly busId: string | null;
  /** 16 hexadecimal digits of the silicon's serial number. */
  readonly uniqueId: string | null;
  readonly name: string | null;
  readonly powerWatts: number | null;
  /** It is called the second die of a board, whose power the first one tells; ROCm 6.0.2 calls cards of one die so too. */
  readonly isSecondDie: true | null;
  /** 'average': mean of about 0.1 s. 'current': an instant. */
  readonly powerKind: 'average' | 'current' | null;
  readonly counterJoules: number | null;
  readonly limitWatts: number | null;
  readonly utilizationRatio: number | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryTotalBytes: number | null;
  readonly temperatureCelsius: number | null;
  readonly clockMegahertz: number | null;
  readonly memoryClockMegahertz: number | null;
}

export const unknownGpu: Omit<AmdSmiGpu, 'index'> = {
  busId: null,
  uniqueId: null,
  name: null,
  powerWatts: null,
  isSecondDie: null,
  powerKind: null,
  counterJoules: null,
  limitWatts: null,
  utilizationRatio: null,
  memoryUsedBytes: null,
  memoryTotalBytes: null,
  temperatureCelsius: null,
  clockMegahertz: null,
  memoryClockMegahertz: null,
};

export type AmdSmiAnswer =
  | { readonly kind: 'gpus'; readonly gpus: readonly AmdSmiGpu[] }
  /** `reason`: in words, without a full stop. */
  | { readonly kind: 'refused'; readonly reason: string };

export const refused = (reason: string): AmdSmiAnswer => ({ kind: 'refused', reason });

/** An object's own entries; none for anything that is no object. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
