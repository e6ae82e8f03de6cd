import { describe, expect, it } from 'vitest';
import { runDomain } from './run-fixtures.ts';
import { stateQuery, watchedDomains } from './run-history-query.ts';

const cpu = runDomain({ id: 'cpu:0', kind: 'cpu', splitBy: 'cpu-time' });
const memory = runDomain({ id: 'dram:0', kind: 'dram', splitBy: 'assumed' });
const span = { fromMs: 0, toMs: 1000 };

describe('what the charts of a run’s devices ask for', () => {
  it('is the use and heat of the processor and the memory in use where the run has no GPU', () => {
    expect(stateQuery(watchedDomains([cpu, memory]), span, 300).series.map(({ key }) => key)).toEqual([
      'utilizationRatio/cpu:0',
      'memoryUsedBytes/dram:0',
      'temperatureCelsius/cpu:0',
    ]);
  });

  it('is the memory of the machine though no run can be told what it had of it', () => {
    const undivided = runDomain({ ...memory, splitBy: 'none', runJoules: null });
    expect(watchedDomains([cpu, undivided]).memoryUsedBytes).toEqual([undivided]);
  });

  it('is all three of the GPUs that the run drew from', () => {
    const [own, other] = [runDomain({ id: 'gpu:0' }), runDomain({ id: 'gpu:1', splitBy: 'none', runJoules: null })];
    expect(stateQuery(watchedDomains([own, other, cpu, memory]), span, 300).series.map(({ key }) => key)).toEqual([
      'utilizationRatio/gpu:0',
      'memoryUsedBytes/gpu:0',
      'temperatureCelsius/gpu:0',
    ]);
  });
});
