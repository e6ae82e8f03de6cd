import { expect, it } from 'vitest';
import { titleMetric } from './metric-title.ts';

it('writes a plain word large, and leaves names as they are', () => {
  expect(['loss', 'mAP', 'eval_loss', 'F1'].map(titleMetric)).toEqual(['Loss', 'mAP', 'eval_loss', 'F1']);
});
