import type { SourceReport } from '../../shared/model/sensors.ts';

export interface SensorGroups {
  /** Answering first, then standing by, then failing: one table. */
  readonly table: readonly SourceReport[];
  /** One command or one click mends them. */
  readonly needsYou: readonly SourceReport[];
  readonly absent: readonly SourceReport[];
  readonly answeringCount: number;
}

const tableOrder = { answering: 0, failing: 1, standby: 2 } as const;

/** Sources by what a person can do about them. One in the table that has a remedy, failing or closed in part, needs you too. */
export function groupSources(sources: readonly SourceReport[]): SensorGroups {
  const rank = (source: SourceReport): number =>
    source.state === 'answering' || source.state === 'failing' || source.state === 'standby'
      ? tableOrder[source.state]
      : 3;
  return {
    table: sources.filter((source) => rank(source) < 3).toSorted((a, b) => rank(a) - rank(b)),
    needsYou: sources.filter(
      (source) => source.state === 'needs-you' || (rank(source) < 3 && source.remedies.length > 0),
    ),
    absent: sources.filter((source) => source.state === 'absent'),
    answeringCount: sources.filter((source) => source.state === 'answering').length,
  };
}

/** 'GPU 0, GPU 1, CPU': the labels of a source's domains, those unknown by their id. */
export function domainLabels(domainIds: readonly string[], labels: ReadonlyMap<string, string>): string {
  return joinLabels(domainIds.map((id) => labels.get(id) ?? id));
}

/** 'GPU 0 – 2, CPU': labels in a list, neighbours joined. */
export function joinLabels(labels: readonly string[]): string {
  return runsOfNumbers(labels).join(', ');
}

/** 'GPU 0', 'GPU 1', 'GPU 2' become 'GPU 0 – 2'. */
function runsOfNumbers(labels: readonly string[]): readonly string[] {
  const parts: { prefix: string; from: number; to: number }[] = [];
  const plain: string[] = [];
  for (const label of labels) {
    const match = /^(.*\D)(\d+)$/.exec(label);
    const [prefix, number] = [match?.[1], Number(match?.[2])];
    const last = parts.at(-1);
    if (prefix === undefined) plain.push(label);
    else if (last !== undefined && last.prefix === prefix && number === last.to + 1) last.to = number;
    else parts.push({ prefix, from: number, to: number });
  }
  return [
    ...parts.map(({ prefix, from, to }) => (from === to ? `${prefix}${from}` : `${prefix}${from} – ${to}`)),
    ...plain,
  ];
}
