import type { Machine, ProcessFacts } from '../machine/machine.ts';

const longestChain = 64;

/** A process, its parent and so on up to the first one; none where it is not one of this machine's. */
export function readChain(machine: Machine, pid: number): readonly ProcessFacts[] {
  const chain: ProcessFacts[] = [];
  const seen = new Set<number>();
  for (let next = pid; next > 0 && !seen.has(next) && chain.length < longestChain; ) {
    seen.add(next);
    const facts = machine.readProcess(next);
    if (facts === null) break;
    chain.push(facts);
    next = facts.parentPid;
  }
  return chain;
}
