import type { EngineDescription } from '../../shared/contract/engine-contract.ts';
import type { SourceReport } from '../../shared/model/sensors.ts';

/** All sources as plain text for a bug report: English, one block a source, no formatting of numbers. */
export function sensorReportText(description: EngineDescription | null, sources: readonly SourceReport[]): string {
  const head =
    description === null
      ? []
      : [`Wattrun ${description.version}`, description.machine, description.hardware].filter((line) => line !== '');
  return [...head, '', ...sources.flatMap((source) => [...sourceLines(source), ''])].join('\n').trimEnd();
}

function sourceLines(source: SourceReport): readonly string[] {
  const { powerWatts, readMilliseconds } = source;
  const lines = [
    `${source.label} (${source.id}): ${source.state}`,
    `  how: ${source.how}`,
    `  measures: ${source.measures}`,
    source.provenance === null ? null : `  evidence: ${source.provenance}`,
    source.domainIds.length === 0 ? null : `  domains: ${source.domainIds.join(' ')}`,
    powerWatts === null ? null : `  power: ${powerWatts} W`,
    readMilliseconds === null ? null : `  read: ${readMilliseconds} ms, ${source.errorCount} errors`,
    source.reason === null ? null : `  reason: ${source.reason}`,
    source.sameNumberCommand === '' ? null : `  same number: ${source.sameNumberCommand}`,
    ...source.remedies.map((remedy) => `  remedy: ${remedy.command} (${remedy.effect})`),
  ];
  return lines.filter((line) => line !== null);
}
