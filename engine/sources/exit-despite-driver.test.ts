import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const moduleUrl = new URL('./exit-despite-driver.ts', import.meta.url).href;

it.skipIf(process.platform === 'win32')(
  'ends a process of which a thread reads a file that the kernel never answers for',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'wattrun-exit-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    // To open a pipe that nobody writes into takes for ever, as a sensor's file does while its card is in its reset.
    const path = join(folder, 'power1_average');
    execFileSync('mkfifo', [path]);
    const script = `import { readFile } from 'node:fs/promises';
    import { exitDespiteDriver } from ${JSON.stringify(moduleUrl)};
    readFile(${JSON.stringify(path)}).catch(() => {});
    setTimeout(() => exitDespiteDriver(7), 200);`;
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 10_000 });
    expect([ended.status, ended.signal]).toEqual([7, null]);
  },
);
