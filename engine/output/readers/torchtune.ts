import { numberOf, type OutputReader, type ReadMark, readMark } from '../reader.ts';
import { parseBar } from './bar.ts';

/** The bar's label is `EPOCH|STEP|Loss: 1.23` (torchtune's recipes: `pbar.set_description`), EPOCH from 1, STEP over all of them. */
const label = /^(\d+)\|(\d+)\|Loss: ([-+]?[\d.]+(?:e[-+]?\d+)?)/;
/** torchtune's StdoutLogger: `Step 12 | loss:1.23 lr:2e-05 …`. */
const logged = /^Step (\d+) \| (.{1,2000})$/;

export const torchtuneReader: OutputReader = {
  id: 'torchtune',
  create() {
    let told = 0;
    return {
      read({ text, atMs }) {
        const line = logged.exec(text);
        if (line !== null) {
          const step = Number(line[1]);
          const loss = /\bloss:([-+]?[\d.]+(?:e[-+]?\d+)?)/.exec(line[2] ?? '');
          return [
            readMark('step', step, { atMs }),
            ...(loss === null ? [] : [readMark('loss', numberOf(loss[1]) ?? 0, { atMs, step })]),
          ];
        }
        const bar = text.includes('|Loss: ') ? parseBar(text) : null;
        const match = bar === null ? null : label.exec(bar.label);
        if (bar === null || match === null) return null;
        const [epoch, step] = [Number(match[1]), Number(match[2])];
        const marks: ReadMark[] = [
          readMark('step', step, { atMs }),
          readMark('loss', numberOf(match[3]) ?? 0, { atMs, step }),
        ];
        if (bar.total !== null && bar.done >= bar.total && epoch > told) {
          told = epoch;
          marks.push(readMark('epoch', epoch, { atMs, step }));
        }
        return marks;
      },
      finish: () => [],
    };
  },
};
