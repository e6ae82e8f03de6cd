import type { ExportDefinition, ExportPiece, ExportRun, ExportScene } from '../engine/reports/export-format.ts';

export const exampleScene = (change: Partial<ExportScene> = {}): ExportScene => ({
  version: '1.2.3',
  nowMs: Date.UTC(2026, 10, 29, 12),
  project: null,
  print: null,
  ...change,
});

/** All of an export at once. */
export async function exportedBytes(
  definition: ExportDefinition,
  runs: Iterable<ExportRun>,
  scene: Partial<ExportScene> = {},
): Promise<Buffer> {
  const pieces: ExportPiece[] = [];
  for await (const piece of definition.render(runs, exampleScene(scene))) pieces.push(piece);
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}

export const exportedText = async (
  definition: ExportDefinition,
  runs: Iterable<ExportRun>,
  scene: Partial<ExportScene> = {},
): Promise<string> => (await exportedBytes(definition, runs, scene)).toString('utf8');
