import { describe, expect, it } from 'vitest';
import { exampleCpu, exampleGpu, exampleReading } from '../../tests/examples.ts';
import { createDomainState, type DomainState } from '../measuring/domain-state.ts';
import type { SourceReading } from '../sources/source.ts';
import { machineSum } from './machine-sum.ts';

const stateOf = (change: Partial<SourceReading>): DomainState => {
  const reading = exampleReading(0, change);
  return { ...createDomainState(reading.domain, 0), reading };
};
const missing = (reason: 'asleep' | 'lost') => ({ powerWatts: null, missing: { reason, note: '' } });
const cpu = stateOf({ domain: exampleCpu({ source: 'cpu-model' }), powerWatts: 20, idleWatts: 8 });

describe('machineSum', () => {
  it('sums the parts that lie beside one another, and says what they stand on', () => {
    const plug = stateOf({ domain: exampleGpu({ id: 'wall:desk', kind: 'wall' }), powerWatts: 500 });
    expect(machineSum([cpu, stateOf({ powerWatts: 100 }), plug])).toEqual({
      powerWatts: 120,
      cpuWatts: 20,
      cpuIdleWatts: 8,
      parts: [
        { domainId: 'cpu:0', source: 'cpu-model' },
        { domainId: 'gpu:GPU-0', source: 'example' },
      ],
    });
  });

  it('has no sum while a part is lost or not read yet, but keeps the part', () => {
    for (const change of [missing('lost'), { powerWatts: null }]) {
      const sum = machineSum([cpu, stateOf(change)]);
      expect(sum.powerWatts).toBeNull();
      expect(sum.parts).toHaveLength(2);
    }
  });

  it('takes a sleeping device for one that draws nothing and still belongs to the sum', () => {
    const sum = machineSum([cpu, stateOf(missing('asleep'))]);
    expect(sum.powerWatts).toBe(20);
    expect(sum.parts).toHaveLength(2);
  });

  it('knows the idle of a modelled CPU alone', () =>
    expect(machineSum([stateOf({ domain: exampleCpu(), powerWatts: 20, idleWatts: 8 })]).cpuIdleWatts).toBeNull());

  it('says nothing of no machine', () =>
    expect(machineSum([])).toEqual({ powerWatts: null, cpuWatts: null, cpuIdleWatts: null, parts: [] }));
});
