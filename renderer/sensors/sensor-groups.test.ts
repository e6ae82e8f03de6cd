import { describe, expect, it } from 'vitest';
import type { SourceReport } from '../../shared/model/sensors.ts';
import { domainLabels, groupSources } from './sensor-groups.ts';

const source = (id: string, state: SourceReport['state'], remedies: SourceReport['remedies'] = []): SourceReport => ({
  id,
  label: id,
  how: '',
  state,
  provenance: null,
  domainIds: [],
  measures: '',
  powerWatts: null,
  reason: null,
  remedies,
  sameNumberCommand: '',
  lastReadAtMs: null,
  readMilliseconds: null,
  errorCount: 0,
});
const ids = (sources: readonly SourceReport[]): readonly string[] => sources.map(({ id }) => id);

describe('groupSources', () => {
  it('puts each source where its reader looks for it', () => {
    const groups = groupSources([
      source('smi', 'standby'),
      source('rapl', 'needs-you', [{ command: 'sudo chmod', effect: '' }]),
      source('nvml', 'answering'),
      source('ipmi', 'failing', [{ command: 'modprobe', effect: '' }]),
      source('amd', 'absent'),
      source('powercap', 'answering', [{ command: 'sudo chmod', effect: '' }]),
    ]);
    expect(ids(groups.table)).toEqual(['nvml', 'powercap', 'ipmi', 'smi']);
    expect(ids(groups.needsYou)).toEqual(['rapl', 'ipmi', 'powercap']);
    expect(ids(groups.absent)).toEqual(['amd']);
    expect(groups.answeringCount).toBe(2);
  });
});

describe('domainLabels', () => {
  const labels = new Map([0, 1, 2, 7].map((index) => [`gpu:${index}`, `GPU ${index}`]));
  labels.set('dram:0', 'Memory');

  it('joins neighbours and keeps the rest by name', () => {
    expect(domainLabels(['gpu:0', 'gpu:1', 'gpu:2', 'gpu:7', 'dram:0', 'cpu:9'], labels)).toBe(
      'GPU 0 – 2, GPU 7, cpu:9, Memory',
    );
  });

  it('is empty for a source without a domain', () => {
    expect(domainLabels([], labels)).toBe('');
  });
});
