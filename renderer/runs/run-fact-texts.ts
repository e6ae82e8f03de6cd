import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatEnergyRange, formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { differenceText, formatCoverage, partText } from '../../shared/format/ratio.ts';
import type { RunDomain, RunReport } from '../../shared/model/run.ts';
import type { RunEnvironment } from '../../shared/model/run-environment.ts';
import {
  checkRatio,
  type GainGroup,
  gainGroups,
  type HeldBackGroup,
  heldBackGroups,
  notableDisagreementRatio,
} from '../../shared/model/run-facts.ts';
import { joinLabels } from '../sensors/sensor-groups.ts';

export type Words = (key: string, values?: Readonly<Record<string, string | number>>) => string;

export interface FactSentence {
  readonly key: string;
  readonly text: string;
  readonly tone: 'warn' | 'plain';
}

/** Below it the two are said to agree: the tenth of a percent that is shown would be 0. */
const agreementRatio = 0.0005;

/** 'The same', '1.2 % more', '0.8 % less': what the sensor's own samples say beside its counter. */
export function checkText(ratio: number, words: Words, locale: string): string {
  if (Math.abs(ratio) < agreementRatio) return words('run.facts.same');
  return words(ratio > 0 ? 'run.facts.more' : 'run.facts.less', { share: differenceText(ratio, { locale }) });
}

/** '5 % under to 8 % over': where the truth may lie beside what a single sensor reads. */
export function gainText(
  { lowRatio, highRatio }: Pick<GainGroup, 'lowRatio' | 'highRatio'>,
  words: Words,
  locale: string,
): string {
  return words('run.facts.gainRange', {
    under: partText(1 - lowRatio, { locale }),
    over: partText(highRatio - 1, { locale }),
  });
}

export interface FactInputs {
  readonly domains: readonly RunDomain[];
  readonly durationSeconds: number;
  /** Why a domain cannot be divided, by its id, where that is still known. */
  readonly indivisible: ReadonlyMap<string, string>;
  readonly wall: RunReport['energy']['wall'];
  /** Sources that gave nothing in all of the run. */
  readonly unread: RunEnvironment['unread'];
}

/** What was not read at all, what held the devices back, which sensors disagree with themselves, what cannot be divided, and what no band holds: in sentences, the gravest first. */
export function factSentences(inputs: FactInputs, words: Words, locale: string): readonly FactSentence[] {
  const { domains } = inputs;
  return [
    ...inputs.unread.map(
      ({ label, reason }): FactSentence => ({
        key: `unread/${label}`,
        text: words('run.facts.unread', { source: label, reason }),
        tone: 'warn',
      }),
    ),
    ...heldBackGroups(domains, inputs.durationSeconds).map(
      (group): FactSentence => ({
        key: group.reason,
        text: heldBackText(group, words, locale),
        tone: group.reason === 'power-cap' ? 'plain' : 'warn',
      }),
    ),
    ...domains.flatMap((domain) => checkSentence(domain, words, locale)),
    ...domains
      .filter(({ splitBy }) => splitBy === 'cannot-be-split')
      .map((domain): FactSentence => {
        const reason = inputs.indivisible.get(domain.id);
        const values = { device: domain.label, reason: reason ?? '' };
        const text = words(reason === undefined ? 'run.facts.indivisible' : 'run.facts.indivisibleBy', values);
        return { key: `split/${domain.id}`, text, tone: 'plain' };
      }),
    ...gainSentence(domains, words, locale),
    ...wallSentence(inputs.wall, words, locale),
  ];
}

function heldBackText({ reason, labels, longest }: HeldBackGroup, words: Words, locale: string): string {
  return words('run.facts.heldBack', {
    count: labels.length,
    device: labels[0] ?? '',
    by: words(`run.facts.by.${reason}`),
    byMany: words(`run.facts.byMany.${reason}`),
    duration: formatExactDuration(longest.seconds, { locale }),
    share: partText(longest.ratio, { locale }),
  });
}

function gainSentence(domains: readonly RunDomain[], words: Words, locale: string): readonly FactSentence[] {
  const ranges = gainGroups(domains).map((group) =>
    words('run.facts.gainOf', { range: gainText(group, words, locale), devices: joinLabels(group.labels) }),
  );
  return ranges.length === 0
    ? []
    : [{ key: 'gain', text: words('run.facts.gain', { ranges: ranges.join('; ') }), tone: 'plain' }];
}

function wallSentence(wall: FactInputs['wall'], words: Words, locale: string): readonly FactSentence[] {
  if (wall === null) return [];
  const range = formatEnergyRange(wall, { locale });
  const value = valueText(formatEnergyWithBounds(wall, { locale }));
  const values = {
    energy: range === null ? value : `${value} (${range})`,
    coverage: formatCoverage(wall.coverage, { locale }),
    meter: wall.meter ?? '',
  };
  const key = !wall.isMeasured ? 'wallEstimated' : wall.meter === null ? 'wallMeasured' : 'wallMeasuredBy';
  return [{ key: 'wall', text: words(`run.facts.${key}`, values), tone: 'plain' }];
}

function checkSentence(domain: RunDomain, words: Words, locale: string): readonly FactSentence[] {
  const ratio = checkRatio(domain);
  if (ratio === null || Math.abs(ratio) <= notableDisagreementRatio) return [];
  const difference = checkText(ratio, words, locale);
  return [
    {
      key: `check/${domain.id}`,
      text: words('run.facts.disagrees', { device: domain.label, difference }),
      tone: 'warn',
    },
  ];
}
