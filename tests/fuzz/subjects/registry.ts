import type { FuzzSubject } from '../subject.ts';
import { energySubjects } from './energy.ts';
import { jsonSubjects } from './json.ts';
import { machineSubjects } from './machine.ts';
import { nvidiaSmiSubjects } from './nvidia-smi.ts';
import { outputSubjects } from './output.ts';
import { sourceSubjects } from './sources.ts';

/** Everything in the product that takes text from outside, and what takes readings. A new parser is one line in the list of its kind. */
export const subjects: readonly FuzzSubject[] = [
  ...nvidiaSmiSubjects,
  ...sourceSubjects,
  ...machineSubjects,
  ...jsonSubjects,
  ...energySubjects,
  ...outputSubjects,
];
