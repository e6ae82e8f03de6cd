import { type OutputLine, type OutputReader, type ReadMark, readMark } from '../reader.ts';
import { type CountsSaid, countsSaid, isWithinEpoch, saysLoss } from './counts-said.ts';
import { createLineShapes, type LineSaid } from './line-shapes.ts';

/** Ranks may be so far apart while they begin. */
const leastSteps = 10;

/** Lines such as `epoch=3 step=120 loss=0.5`. An epoch of which several lines are printed is over with the next one; one with a single line and a loss, with that line. */
export const genericReader: OutputReader = {
  id: 'generic',
  create() {
    let epoch: number | null = null;
    const shapes = createLineShapes();
    let first: number | null = null;
    let told = 0;
    /** Of trainings before this one. */
    let epochsBefore = 0;
    /** What this training named first. */
    let begin: { readonly epoch: number; readonly step: number | null } | null = null;
    let lastMs = 0;
    let step: number | null = null;
    /** Its lines stand at the beginning of an epoch, or within it: then it is over only when the next one is named. */
    let isOpen = false;

    const tell = (count: number, atMs: number): readonly ReadMark[] => {
      if (count <= told) return [];
      told = count;
      return [readMark('epoch', count, { atMs, step })];
    };

    /** What a line that names an epoch says of those before it. */
    function readEpoch({ text, atMs }: OutputLine, named: number): readonly ReadMark[] {
      // A run that is resumed names a later one first; data sets and dates are no epochs.
      first ??= named > 1 ? 1 : named;
      const isFirst = epoch === null;
      if (epoch !== null && named <= epoch) return [];
      const isWithin = isWithinEpoch(text);
      const marks = epoch !== null && isOpen ? tell(epochsBefore + named - first, isWithin ? lastMs : atMs) : [];
      epoch = named;
      isOpen = isWithin || !saysLoss(text);
      if (isOpen) step = null;
      if (!isFirst || !isOpen || named <= first || told > 0) return marks;
      told = epochsBefore + named - first;
      return [readMark('epoch', told, { atMs, step: 0 })];
    }

    /** Another training begins: it names the epoch that the one before began with, and is no rank that is a little behind. */
    function isAnew({ epoch: named, step: count }: CountsSaid): boolean {
      if (epoch === null || begin === null || named !== begin.epoch) return false;
      if (count !== null && step !== null)
        return count <= step / 2 && (named < epoch || (step >= leastSteps && count <= (begin.step ?? 0)));
      return isOpen ? epoch - named > 1 : named < epoch;
    }

    function endTraining(): readonly ReadMark[] {
      const marks = isOpen && epoch !== null && first !== null ? tell(epochsBefore + epoch - first + 1, lastMs) : [];
      epochsBefore = told;
      epoch = null;
      begin = null;
      return marks;
    }

    function readCounts({ line, said }: LineSaid): readonly ReadMark[] {
      const { atMs } = line;
      const marks = isAnew(said) ? [...endTraining()] : [];
      if (said.epoch !== null) {
        begin ??= { epoch: said.epoch, step: said.step };
        marks.push(...readEpoch(line, said.epoch));
      }
      const isLate = said.epoch !== null && epoch !== null && said.epoch < epoch;
      if (said.step !== null) {
        // One that is a little less is another rank's.
        if (!isLate && (step === null || said.step > step || said.step <= step / 2)) step = said.step;
        marks.push(readMark('step', said.step, { atMs, epoch: said.epoch }));
      }
      if (said.epoch !== null && !isLate && !isOpen && first !== null)
        marks.push(...tell(epochsBefore + said.epoch - first + 1, atMs));
      if (said.epoch !== null) lastMs = atMs;
      for (const kind of ['loss', 'tokens', 'samples'] as const) {
        const value = said[kind];
        if (value !== null) marks.push(readMark(kind, value, { atMs, step: said.step, epoch }));
      }
      return marks;
    }

    return {
      read(line) {
        const said = countsSaid(line.text);
        const lines = said === null || said === 'others' ? [] : shapes.take({ line, said });
        if (lines.length > 0) return lines.flatMap(readCounts);
        if (isOpen && said !== 'others') lastMs = line.atMs;
        return null;
      },
      finish: (atMs) =>
        epoch !== null && isOpen && first !== null
          ? tell(epochsBefore + epoch - first + 1, Math.min(atMs, lastMs || atMs))
          : [],
    };
  },
};
