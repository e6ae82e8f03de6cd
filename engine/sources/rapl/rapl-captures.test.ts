import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturesFolder, readCapture } from '../../../tests/captures.ts';
import { exampleContext } from '../../../tests/examples.ts';
import { writeFileTree } from '../../../tests/fakes/file-tree.ts';
import { parseTtar } from '../../../tests/fakes/ttar.ts';
import { createFakeClock } from '../../clock/fake-clock.ts';
import { readCpuHardware } from '../cpu-model/cpu-hardware.ts';
import { raplSource } from './rapl-source.ts';
import { findRaplZones } from './rapl-zones.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-rapl-captures-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Unpacks a capture; gives its sysfs. */
function unpack(name: string, folder: string): string {
  writeFileTree(root, parseTtar(readCapture(`rapl/sysfs/${name}`)));
  return join(root, folder);
}

/** What a person reads in both: 240,422,366,267 µJ of a range of 262,143,328,850 µJ; 95,000,000 µW at most over the long term. */
const zone = { rangeJoules: 262_143.328_85, maxPowerWatts: 95, kind: 'package', die: null };
const reading = {
  counterJoules: 240_422.366_267,
  counterRangeJoules: 262_143.328_85,
  limitWatts: 95,
  powerWatts: null,
  missing: null,
};

describe.skipIf(capturesFolder === null)('on real trees (skipped where there is no ../shared/data)', () => {
  it.each([
    // One package with its cores inside, which are no zone of their own; the control type has no counter.
    { name: 'node_exporter__powercap.ttar.txt', folder: 'sys', packages: [['intel-rapl:0', 0]] },
    // The same and an eleventh zone, whose number the kernel writes as 'a'.
    {
      name: 'procfs__powercap.ttar.txt',
      folder: 'fixtures/sys',
      packages: [
        ['intel-rapl:0', 0],
        ['intel-rapl:a', 10],
      ],
    },
  ] as const)('reads $name as a person does', async ({ name, folder, packages }) => {
    const sysfsRoot = unpack(name, folder);
    expect(await findRaplZones(sysfsRoot)).toEqual(
      packages.map(([directory, index]) => ({
        ...zone,
        index,
        path: join(sysfsRoot, 'class/powercap', directory),
      })),
    );
    const found = await raplSource.probe(exampleContext(createFakeClock(0, 5000), { sysfsRoot, procfsRoot: root }));
    if (found.kind !== 'available') throw new Error(found.reason);
    expect(found.covers).toEqual(['cpu']);
    const source = await found.open();
    const readings = await source.read(new AbortController().signal);
    await source.close();
    expect(readings).toMatchObject(
      packages.map(([, index]) => ({ ...reading, domain: { id: `cpu:${index}`, limitWatts: 95 } })),
    );
    // 95 W each: the eleventh zone's too. Its 4090 W of power_limit_uw are somebody's, not the maker's.
    expect((await readCpuHardware(sysfsRoot)).packageLimitWatts).toBe(95 * packages.length);
  });
});
