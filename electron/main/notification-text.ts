import { readingText } from '../../shared/format/reading.ts';
import type { AlertLogEntry } from '../../shared/model/alert.ts';
import type { LiveRun } from '../../shared/model/live.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { durationText, emissionsText, energyText, moneyText, powerText } from './quantity-text.ts';
import type { Speech } from './speech.ts';
import { fillIn, type Words } from './words.ts';

export interface NotificationText {
  readonly title: string;
  readonly body: string;
}

/** The engine's label for a rule over everything, which needs no word for where. */
const wholeMachine = 'Whole machine';

/** 'Power above 4.5 kW for 30 s' / '4,542 W now. llama3-8b-sft-r3 draws 2,953 W.': the rule, then what it saw and who draws most of it. */
export function alertText(
  entry: AlertLogEntry,
  runs: readonly LiveRun[],
  { locale, words, tell }: Speech,
): NotificationText {
  const name = tell(entry.ruleName);
  const title = entry.isTest
    ? fillIn(words.test, { name })
    : entry.stagePercent === null
      ? name
      : fillIn(words.stage, { share: String(entry.stagePercent), name });
  if (entry.outcome !== null) return { title, body: outcomeText(entry, words) };
  const power = readingText(entry.value ?? entry.valueWatts, entry.unit, locale);
  const now = fillIn(entry.scopeLabel === wholeMachine ? words.wattsNow : words.scopeWattsNow, {
    power,
    scope: isWritten(entry) ? entry.scopeLabel : tell(entry.scopeLabel),
  });
  const [most] = runs
    .filter((run) => entry.runIds.includes(run.id) && run.powerWatts !== null)
    .toSorted((one, other) => (other.powerWatts ?? 0) - (one.powerWatts ?? 0));
  const draws = most === undefined ? [] : [{ name: most.name, power: powerText(most.powerWatts, locale) }];
  return { title, body: [now, ...draws.map((values) => fillIn(words.runDraws, values))].join(' ') };
}

/** Runs and projects are named by those who train. */
const isWritten = ({ target }: AlertLogEntry): boolean => /^(run|project):/.test(target);

/** 'llama3-8b-sft-r2 failed'; in other ways than these the engine's own word. */
function outcomeText({ outcome, scopeLabel: name }: AlertLogEntry, words: Words): string {
  const [status = ''] = /^\w+/.exec(outcome ?? '') ?? [];
  return isEnd(status) ? fillIn(words[status], { name }) : `${name}: ${outcome}`;
}

const ends = ['finished', 'failed', 'stopped', 'interrupted'] as const;
const isEnd = (status: string): status is (typeof ends)[number] => ends.some((end) => end === status);

/** 'llama3-8b-sft-r2 finished' / '31.7 kWh (31.1 – 32.3) in 11 h 24 min, 13.5 kg CO₂e, €8.89.' */
export function endedRunText(report: RunReport, { locale, words }: Speech): NotificationText {
  const { run, energy, emissions, cost } = report;
  const parts = [
    fillIn(words.energyIn, {
      energy: energyText(energy, locale),
      duration: durationText(run.durationSeconds, locale),
    }),
    emissionsText(emissions, locale),
    moneyText(cost, locale),
  ];
  return {
    title: fillIn(run.status === 'failed' ? words.failed : words.finished, { name: run.name }),
    body: `${parts.filter((part) => part !== null).join(', ')}.`,
  };
}
