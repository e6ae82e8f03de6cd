import type { OutputLine } from '../reader.ts';
import type { CountsSaid } from './counts-said.ts';

export interface LineSaid {
  readonly line: OutputLine;
  readonly said: CountsSaid;
}

/** Lines that may be a training's, held until they are surely so. */
export interface LineShapes {
  /** What may be read now, in its order: nothing where more of the same must come first. */
  take(one: LineSaid): readonly LineSaid[];
}

/** So many lines of one shape, each further than the one before, are a training's without a metric; epochs are few. */
const leastLines = { epochs: 2, others: 3 } as const;
const mostShapes = 64;

export function createLineShapes(): LineShapes {
  /** Null of a shape that is known to be a training's. */
  const shapes = new Map<string, readonly LineSaid[] | null>();
  return {
    take(one) {
      if (one.said.isSure) return [one];
      const shape = one.line.text.replace(/\d[\d,._]*/g, '#').slice(0, 200);
      const held = shapes.get(shape);
      if (held === null) return [one];
      if (held === undefined && shapes.size >= mostShapes) return [];
      const last = held?.at(-1);
      const lines = last !== undefined && countOf(one) > countOf(last) ? [...(held ?? []), one] : [one];
      const isEnough = lines.length >= (one.said.epoch === null ? leastLines.others : leastLines.epochs);
      shapes.set(shape, isEnough ? null : lines);
      return isEnough ? lines : [];
    },
  };
}

const countOf = ({ said: { step, epoch, tokens, samples } }: LineSaid): number =>
  step ?? epoch ?? tokens ?? samples ?? 0;
