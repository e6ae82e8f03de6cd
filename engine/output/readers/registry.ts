import type { OutputReader } from '../reader.ts';
import { genericReader } from './generic.ts';
import { hfTrainerReader } from './hf-trainer.ts';
import { kerasReader } from './keras.ts';
import { nanoGptReader } from './nanogpt.ts';
import { torchtuneReader } from './torchtune.ts';
import { tqdmReader } from './tqdm.ts';

/** Every kind of output that is known, the more particular before the more general: of a line that one takes, those after it see nothing. */
export const outputReaders: readonly OutputReader[] = [
  hfTrainerReader,
  torchtuneReader,
  tqdmReader,
  kerasReader,
  nanoGptReader,
  genericReader,
];
