import { formatNumber } from '../shared/format/number-text.ts';
import type { CalibrationStatus } from '../shared/model/calibration.ts';
import { terminalText, wattsText } from './text.ts';

type Line = NonNullable<CalibrationStatus['line']>;
type WallPower = Line['atLeast'];

const locale = 'en-US';

/** What a calibration found, how sure that is, and what it changes. */
export function calibrationText(status: CalibrationStatus, isCpuAsked: boolean): string {
  const { line, lineProblem } = status;
  const found =
    line === null
      ? [
          `There is no line at the wall yet: ${lineProblem ?? 'too few readings.'}`,
          'The readings are kept; forget them with: wattrun calibrate --clear',
        ]
      : lineText(line);
  const rest = isCpuAsked
    ? cpuText(status)
    : ['It changes nothing else: energy, emissions and cost of runs stay what they are.'];
  return terminalText([...found, ...rest].join('\n'));
}

const lineText = (line: Line): readonly string[] => [
  `At the wall: ${lineWords(line)}, by ${line.readingCount} readings${line.gainStandardError === null ? ' (two leave nothing over to judge them by: ±10 % is allowed for that)' : ''}.`,
  `  machine ${wattsText(line.leastMachineWatts)}: wall ${bandText(line.atLeast)}`,
  `  machine ${wattsText(line.mostMachineWatts)}: wall ${bandText(line.atMost)}`,
  'Where no wattmeter answers, ‘At the wall’ is estimated from it.',
];

/** '25.1 ±1.2 W + 1.248 ±0.031 × the machine’s own sum'. */
function lineWords({ offsetWatts, offsetStandardErrorWatts, gainRatio, gainStandardError }: Line): string {
  const offset = `${formatNumber(offsetWatts, 1, locale)}${errorText(offsetStandardErrorWatts, 1)} W`;
  return `${offset} + ${formatNumber(gainRatio, 3, locale)}${errorText(gainStandardError, 3)} × the machine’s own sum`;
}

const errorText = (standardError: number | null, digits: number): string =>
  standardError === null ? '' : ` ±${formatNumber(standardError, digits, locale)}`;

const bandText = ({ powerWatts, lowWatts, highWatts }: WallPower): string =>
  `${wattsText(powerWatts)} (${wattsText(lowWatts)} – ${wattsText(highWatts)})`;

function cpuText({ cpuEnds, isCpuModelled, lastResult }: CalibrationStatus): readonly string[] {
  if (!isCpuModelled) return ['The CPU is not modelled here: its ends were left alone.'];
  if (lastResult?.cpuMessage != null) return [`The CPU model was left alone: ${lastResult.cpuMessage}`];
  if (cpuEnds === null) return ['The CPU model was left alone.'];
  return [
    `The CPU model runs from ${wattsText(cpuEnds.idleWatts)} (${cpuEnds.isIdleMeasured ? 'measured' : 'its own'}) to ${wattsText(cpuEnds.fullWatts)} now.`,
    'Do not expect better totals of that: where it could be tried, they were not (docs/methodology.md, ‘CPU model’).',
  ];
}
