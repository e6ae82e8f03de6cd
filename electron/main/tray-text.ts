import { missing } from '../../shared/format/number-text.ts';
import type { LiveState } from '../../shared/model/live.ts';
import { energyText, moneyText, powerText, tightPowerText } from './quantity-text.ts';
import type { Speech } from './speech.ts';

export type TraySign = 'logo' | 'alert' | 'lost';

export interface TrayText {
  readonly sign: TraySign;
  /** Beside the icon, where a system shows text there: '4.54 kW'. */
  readonly title: string;
  readonly toolTip: string;
  /** First row of the menu: machine and power. */
  readonly heading: string;
  readonly machine: string;
  readonly runs: readonly { readonly id: string; readonly label: string }[];
}

export interface TrayFacts {
  readonly isConnected: boolean;
  readonly live: LiveState | null;
  readonly hostName: string | null;
  readonly speech: Speech;
}

const mostRuns = 8;
const mostNameLength = 40;

/** The tray's words: the power now, the running runs with their energy and cost; a dash without an engine. */
export function trayText(facts: TrayFacts): TrayText {
  const { live } = facts;
  const { locale, words, tell } = facts.speech;
  const machine = facts.hostName ?? 'Wattrun';
  if (!facts.isConnected || live === null) {
    const toolTip = facts.isConnected ? 'Wattrun' : `Wattrun · ${words.noEngine}`;
    const heading = facts.isConnected ? missing : words.noEngine;
    return { sign: facts.isConnected ? 'logo' : 'lost', title: missing, toolTip, heading, machine, runs: [] };
  }
  const { powerWatts, isLowerBound } = live.machine;
  const bound = isLowerBound && powerWatts !== null ? '≥ ' : '';
  const title = `${bound}${tightPowerText(powerWatts, locale)}`;
  const marks = live.isSimulated ? ` · ${words.simulated}` : '';
  const shown = live.alerts.filter((alert) => alert.isBadging !== false);
  const [firing] = shown;
  return {
    sign: shown.length > 0 ? 'alert' : 'logo',
    title: `${title}${live.isSimulated ? ` (${words.simulated})` : ''}`,
    toolTip: `Wattrun · ${title}${marks}${firing === undefined ? '' : `\n▲ ${tell(firing.ruleName)}`}`,
    machine,
    heading: `${machine} · ${bound}${powerText(powerWatts, locale)}${marks}`,
    runs: live.runs
      .filter((run) => run.status === 'running')
      .slice(0, mostRuns)
      .map((run) => {
        const cost = moneyText(
          live.price === null ? null : { amount: run.costAmount, currency: live.price.currency },
          locale,
        );
        const parts = [shortened(run.name), energyText(run, locale, false), ...(cost === null ? [] : [cost])];
        return { id: run.id, label: parts.join(' · ') };
      }),
  };
}

/** '&' would underline the next letter in a menu. */
function shortened(name: string): string {
  const short = name.length > mostNameLength ? `${name.slice(0, mostNameLength - 1)}…` : name;
  return short.replaceAll('&', '&&');
}
