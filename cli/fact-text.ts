import { formatExactDuration } from '../shared/format/duration.ts';
import { differenceText, partText } from '../shared/format/ratio.ts';
import type { HeldBackReason } from '../shared/model/health.ts';
import type { RunDomain, RunReport } from '../shared/model/run.ts';
import { checkRatio, gainGroups, heldBackOf } from '../shared/model/run-facts.ts';

const locale = 'en-US';

const heldBy: Readonly<Record<HeldBackReason, string>> = {
  'power-cap': 'its power cap',
  heat: 'heat',
  'hardware-slowdown': "the hardware's own protection",
};

/** What is to be said of a run's devices beside their energy: time lost, samples against counters, what no band holds. One line each. */
export function factLines({ run, energy }: RunReport): readonly string[] {
  const used = energy.domains.filter(({ splitBy }) => splitBy !== 'none');
  return [
    ...used.flatMap((domain) =>
      (heldBackOf(domain, run.durationSeconds) ?? []).map(
        ({ reason, seconds, ratio }) =>
          `${domain.label} held back by ${heldBy[reason]} for ${formatExactDuration(seconds, { locale })} (${partText(ratio, { locale })})`,
      ),
    ),
    ...checkLine(used),
    ...used
      .filter(({ splitBy }) => splitBy === 'cannot-be-split')
      .map(({ label }) => `${label}: its energy cannot be divided among processes; runs that share it get equal parts`),
    ...gainGroups(used).map(({ lowRatio, highRatio, labels }) => {
      const range = `${partText(1 - lowRatio, { locale })} under to ${partText(highRatio - 1, { locale })} over`;
      return `beside the bounds, the truth may lie ${range} what a single sensor of this kind reads (${labels.join(', ')}); only a meter at the wall can tell`;
    }),
  ];
}

/** The lowest and the highest of all devices: what lies between them needs no line of its own. */
function checkLine(domains: readonly RunDomain[]): readonly string[] {
  const checks = domains
    .flatMap((domain) => {
      const ratio = checkRatio(domain);
      return ratio === null ? [] : [{ label: domain.label, ratio }];
    })
    .sort((a, b) => a.ratio - b.ratio);
  const [lowest, highest] = [checks[0], checks.at(-1)];
  if (lowest === undefined || highest === undefined) return [];
  const text = (check: typeof lowest): string =>
    `${differenceText(check.ratio, { locale })} ${check.ratio < 0 ? 'less' : 'more'} (${check.label})`;
  const range = checks.length === 1 ? text(lowest) : `${text(lowest)} to ${text(highest)}`;
  return [`power samples say ${range} than the energy counter`];
}
