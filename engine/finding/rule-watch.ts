import type { Clock } from '../clock/clock.ts';
import type { ListedProcess, Machine, ProcessFacts } from '../machine/machine.ts';
import { beginsRuns, rootKey, type Verdict } from './classify.ts';
import { type CpuRule, createCpuRule } from './cpu-rule.ts';

/** How the user's rule for runs without a GPU fares. */
export type RuleState = 'off' | 'working' | 'invalid' | 'too-slow';

export interface RuleWatch {
  /** Pids that came under the rule since the last look; looks at most every five seconds. */
  matches(pattern: string | null): readonly number[];
  /** The launch of a process that came under the rule: up to the highest of its ancestors that did. */
  widen(chain: readonly ProcessFacts[], verdict: Verdict): Verdict;
  state(): RuleState;
}

const lookEveryMs = 5000;

/** Looks for command lines that the rule names. Without a rule it looks at nothing. */
export function createRuleWatch(machine: Machine, clock: Clock, log: (message: string) => void): RuleWatch {
  let pattern: string | null = null;
  let rule: CpuRule | null = null;
  let state: RuleState = 'off';
  let lookedMs = Number.NEGATIVE_INFINITY;
  /** Every process seen, by its command line, and whether it came under the rule. */
  let seen = new Map<number, { readonly commandLine: string; readonly isMatch: boolean }>();

  function change(next: string | null): void {
    pattern = next;
    rule = null;
    state = 'off';
    seen = new Map();
    lookedMs = Number.NEGATIVE_INFINITY;
    if (next === null || next === '') return;
    try {
      rule = createCpuRule(next);
      state = 'working';
    } catch (error) {
      state = 'invalid';
      log(error instanceof Error ? error.message : String(error));
    }
  }

  return {
    matches(wanted) {
      if (wanted !== pattern) change(wanted);
      const nowMs = clock.monotonicMs();
      if (rule === null || nowMs - lookedMs < lookEveryMs) return [];
      lookedMs = nowMs;
      const listed = machine.listProcesses();
      const isNew = ({ pid, commandLine }: ListedProcess): boolean => seen.get(pid)?.commandLine !== commandLine;
      const newcomers = listed.filter(isNew);
      const answers = rule.match(newcomers.map((process) => process.commandLine));
      if (answers === null) {
        state = 'too-slow';
        rule = null;
        log('the pattern for runs without a GPU takes too long and is not used');
        return [];
      }
      const pids = new Set(listed.map((process) => process.pid));
      for (const pid of seen.keys()) if (!pids.has(pid)) seen.delete(pid);
      for (const [i, { pid, commandLine }] of newcomers.entries())
        seen.set(pid, { commandLine, isMatch: answers[i] === true });
      return newcomers.filter((_, i) => answers[i] === true).map((process) => process.pid);
    },
    widen(chain, verdict) {
      const [own] = chain;
      if (own === undefined || beginsRuns(own)) return verdict;
      if (verdict.kind === 'other' && (verdict.reason === 'desktop' || verdict.reason === 'tool')) return verdict;
      const launch = verdict.kind === 'training' ? verdict.launch : [own];
      const top = chain.findIndex((facts) => facts.pid <= 1 || beginsRuns(facts));
      const below = top < 0 ? chain : chain.slice(0, top);
      const highest = below.findLastIndex((facts) => seen.get(facts.pid)?.isMatch === true);
      const wide = highest >= launch.length ? chain.slice(0, highest + 1) : launch;
      const root = wide.at(-1) ?? own;
      return {
        kind: 'training',
        isLikely: true,
        isSession: false,
        launch: wide,
        keys: [rootKey(root), ...(verdict.kind === 'training' ? verdict.keys.slice(1) : [])],
      };
    },
    state: () => state,
  };
}
