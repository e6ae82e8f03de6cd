import type { MarkFileReader } from '../file-reader.ts';
import { tensorboardFile } from './tensorboard.ts';
import { trainerStateFile } from './trainer-state.ts';
import { wandbFile } from './wandb.ts';

/** Every kind of file beside a training that marks are read from. */
export const markFileReaders: readonly MarkFileReader[] = [tensorboardFile, wandbFile, trainerStateFile];
