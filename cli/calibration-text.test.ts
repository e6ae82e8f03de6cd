import { describe, expect, it } from 'vitest';
import type { CalibrationStatus } from '../shared/model/calibration.ts';
import { calibrationText } from './calibration-text.ts';

type Line = NonNullable<CalibrationStatus['line']>;

const line: Line = {
  gainRatio: 1.25,
  offsetWatts: 20,
  gainStandardError: null,
  offsetStandardErrorWatts: null,
  residualWatts: null,
  readingCount: 2,
  leastMachineWatts: 40,
  mostMachineWatts: 120,
  atLeast: { powerWatts: 70, lowWatts: 60.6, highWatts: 79.4 },
  atMost: { powerWatts: 170, lowWatts: 148.6, highWatts: 191.4 },
  measuredAtMs: 0,
  meters: ['desk'],
};
const status = (change: Partial<CalibrationStatus> = {}): CalibrationStatus => ({
  running: null,
  lastResult: { kind: 'recorded', atMs: 0, reason: null, message: null, cpuMessage: null },
  line,
  lineProblem: null,
  readingCount: 2,
  currentReadingCount: 2,
  cpuEnds: null,
  isCpuModelled: true,
  meters: [],
  blockedBy: null,
  ...change,
});
const ends = { idleWatts: 10, fullWatts: 90, isIdleMeasured: false };

describe('the text of a calibration', () => {
  it('says the line, what it gives at both ends, and that it changes no energy of a run', () => {
    const text = calibrationText(status(), false);
    expect(text).toContain(
      'At the wall: 20.0 W + 1.250 × the machine’s own sum, by 2 readings (two leave nothing over',
    );
    expect(text).toContain('machine 40.0 W: wall 70.0 W (60.6 W – 79.4 W)\n');
    expect(text).toContain('machine 120 W: wall 170 W (149 W – 191 W)\n');
    expect(text).toContain('energy, emissions and cost of runs stay what they are.');
    expect(text).not.toContain('CPU');
  });

  it('says how sure the line is where more than two readings tell, and a minus as terminals write it', () => {
    const errors = { gainStandardError: 0.031, offsetStandardErrorWatts: 1.24, residualWatts: 2, readingCount: 4 };
    const text = calibrationText(status({ line: { ...line, ...errors, offsetWatts: -3 } }), false);
    expect(text).toContain('At the wall: -3.0 ±1.2 W + 1.250 ±0.031 × the machine’s own sum, by 4 readings.\n');
  });

  it('says why there is no line, and how to begin anew', () => {
    const text = calibrationText(status({ line: null, lineProblem: 'Idle and load lie 4.0 W apart.' }), false);
    expect(text).toContain('no line at the wall yet: Idle and load lie 4.0 W apart.');
    expect(text).toContain('wattrun calibrate --clear');
  });

  it('promises nothing of the CPU model’s new ends', () => {
    const text = calibrationText(status({ cpuEnds: ends }), true);
    expect(text).toContain('The CPU model runs from 10.0 W (its own) to 90.0 W now.\n');
    expect(text).toContain('Do not expect better totals of that');
    expect(text).not.toContain('changes nothing else');
  });

  it.each<[string, Partial<CalibrationStatus>]>([
    ['The CPU is not modelled here', { isCpuModelled: false, cpuEnds: ends }],
    ['The CPU model was left alone.', {}],
    [
      'The CPU model was left alone: too little',
      { lastResult: { kind: 'recorded', atMs: 0, reason: null, message: null, cpuMessage: 'too little' } },
    ],
  ])('says %s', (told, change) => expect(calibrationText(status(change), true)).toContain(told));
});
