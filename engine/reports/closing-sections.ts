import { isoFromUnixMs } from '../../shared/units.ts';
import type { Section } from './document.ts';
import type { ExportScene } from './export-format.ts';
import { timeText } from './report-figures.ts';

/** Ready for a .bib file; plain BibTeX knows no @software. */
export function bibtexEntry({ version, nowMs }: Pick<ExportScene, 'version' | 'nowMs'>): string {
  const year = isoFromUnixMs(nowMs).slice(0, 4);
  return `@misc{wattrun,
  title        = {Wattrun: energy and resource monitor for training runs},
  author       = {{The Wattrun authors}},
  year         = {${year}},
  note         = {Version ${version}},
  howpublished = {Computer software}
}`;
}

/** With what it was made, and how to cite it. */
export function closingSections(scene: ExportScene): readonly Section[] {
  return [
    {
      title: 'Versions',
      level: 1,
      blocks: [
        {
          kind: 'facts',
          rows: [
            ['Wattrun', scene.version],
            ['Form of the run report', '1'],
            ['Written', timeText(isoFromUnixMs(scene.nowMs))],
          ],
        },
        {
          kind: 'text',
          text: 'Every formula and its source: docs/methodology.md of this version. Unrounded figures and every gap: the JSON export.',
        },
      ],
    },
    { title: 'Citation', level: 1, blocks: [{ kind: 'code', text: bibtexEntry(scene) }] },
  ];
}
