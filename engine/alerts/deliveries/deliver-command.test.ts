import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertEntryDefaults } from '../../../shared/model/alert.ts';
import { alertMessage } from './alert-message.ts';
import { commandArguments, commandProblem } from './deliver-command.ts';
import { backOffMs } from './outbox-sender.ts';

const messageOf = (run: string) =>
  alertMessage(
    {
      ...alertEntryDefaults,
      id: 'a1',
      ruleId: 'r1',
      ruleName: 'rule',
      level: 'note',
      scopeLabel: '',
      firedAtMs: 0,
      clearedAtMs: null,
      valueWatts: null,
      peakWatts: null,
      limitWatts: null,
      runIds: ['x'],
      isTest: false,
      isAcknowledged: false,
      deliveries: [],
    },
    'fired',
    { deliveryId: 'd', machine: 'm', runNames: [run] },
  );

/** What shells, programs and terminals make something of. */
const nasty = [
  '-',
  '@',
  '+',
  '/',
  '~',
  '=',
  ' ',
  '\n',
  '\t',
  '\0',
  '\u001b',
  '$',
  '`',
  '(',
  ';',
  '|',
  '&',
  '"',
  "'",
  '*',
  'a',
  '名',
];

describe('a command', () => {
  it.each([
    [['{run}', 'x']],
    [['bash', '-c', '{run}']],
    [['bash', '-lc', '{text}']],
    [['bash', '{run}']],
    [['python3', '-c', '{rule}']],
    [['node', '--eval', '{run}']],
    [['env', '{run}']],
    [['ssh', '{run}']],
    [['']],
  ])('%j is refused', (argv) => expect(commandProblem(argv)).not.toBeNull());

  it.each([
    [['notify-send', '{title}', '{text}']],
    [['/usr/bin/logger', '-t', 'wattrun', '{run}']],
    [['sh', 'tell.sh', '{run}']],
  ])('%j is taken', (argv) => expect(commandProblem(argv)).toBeNull());

  it('keeps its number of arguments whatever a run is named, and none of them is an option', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...nasty), maxLength: 60 }), (name) => {
        const [program, filled = '', rest] = commandArguments(['logger', '{run}', 'x{run}'], messageOf(name));
        expect([program, rest]).toEqual(['logger', 'x{run}']);
        expect(filled).not.toMatch(/^[-@+/~=]|\p{Cc}/u);
      }),
      { numRuns: 50 },
    );
  });
});

it('tries wait longer each time, up to five minutes, by a fifth more or less', () => {
  expect([0, 1, 2, 30].map((attempts) => backOffMs(attempts, 0.5))).toEqual([1000, 2000, 4000, 300_000]);
  expect([0, 1].map((random) => Math.round(backOffMs(0, random)))).toEqual([800, 1200]);
});
