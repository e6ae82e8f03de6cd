import { describe, expect, it } from 'vitest';
import { findDeadLinks, findLayerBreaks, importsOf } from './structure-rules.mjs';

const linesOf = (path: string, text: string) => findLayerBreaks([{ path, text }]).map(({ line }) => line);

describe('findLayerBreaks', () => {
  it.each([
    ['renderer/live/overview.tsx', "import { Chart } from 'chart.js';"],
    ['renderer/live/overview.tsx', "import zoom from 'chartjs-plugin-zoom';"],
    ['engine/engine.ts', "const { app } = require('electron');"],
    ['engine/engine.ts', "import { serve } from '../cli/commands/serve.ts';"],
    ['engine/http/access.ts', "export * from '../../electron/main/main.ts';"],
    ['renderer/app/app.tsx', "import type { Engine } from '../../engine/engine.ts';"],
    ['renderer/main.tsx', "await import('../cli/text.ts');"],
    ['shared/units.ts', "import { readFileSync } from 'node:fs';"],
    ['shared/contract/client.ts', "import { createEngine } from '../../engine/engine.ts';"],
    ['cli/main.ts', "import { app } from 'electron/main';"],
    ['electron/preload/preload.ts', "import { z } from 'zod';"],
    ['engine/engine.ts', "import { fake } from '../tests/fakes/fake.ts';"],
  ])('refuses in %s: %s', (path, text) => {
    expect(linesOf(path, `// first line\n${text}`)).toEqual([2]);
  });

  it.each([
    ['renderer/charts/time-chart.tsx', "import { Chart } from 'chart.js';"],
    ['renderer/live/overview.tsx', "import { TimeChart } from '../charts/time-chart.tsx';"],
    ['electron/main/main.ts', "import { app } from 'electron';"],
    ['engine/engine.ts', "import { z } from 'zod';\nimport { kwhFromJoules } from '../shared/units.ts';"],
    ['shared/units.test.ts', "import { it } from 'vitest';"],
    ['shared/model/run.ts', "import { z } from 'zod';\nimport { x } from './domain.ts';"],
    ['engine/engine.ts', "// it once had: import { app } from 'electron';"],
  ])('allows in %s: %s', (path, text) => {
    expect(linesOf(path, text)).toEqual([]);
  });
});

describe('importsOf', () => {
  it('gives where a relative import leads, and the name of a package without its path', () => {
    const text = "import a from '../b.ts';\nimport '@scope/name/deep';\n";
    expect(importsOf({ path: 'engine/http/a.ts', text })).toEqual([
      { specifier: '../b.ts', target: 'engine/b.ts', line: 1 },
      { specifier: '@scope/name/deep', target: '@scope/name', line: 2 },
    ]);
  });
});

describe('findDeadLinks', () => {
  it('names the links of a document that lead nowhere, and leaves the web alone', () => {
    const text = '[a](there.md#part) [b](gone.md)\n[c](https://example.org) [d](#here) ![e](../img/f.png)';
    const found = findDeadLinks({ path: 'docs/guide.md', text }, (path) => path === 'docs/there.md');
    expect(found).toEqual([
      { path: 'docs/guide.md', line: 1, message: 'the link leads nowhere: gone.md' },
      { path: 'docs/guide.md', line: 2, message: 'the link leads nowhere: ../img/f.png' },
    ]);
  });
});
