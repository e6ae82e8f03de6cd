import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { createFakeClock } from '../../clock/fake-clock.ts';
import { createFileWatch } from './file-watch.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function scene(names: number) {
  const cwd = mkdtempSync(join(tmpdir(), 'wattrun-watch-'));
  folders.push(cwd);
  for (let i = 0; i < names; i++) writeFileSync(join(cwd, `module_${i}.py`), '');
  const clock = createFakeClock(Date.now());
  const steps: number[] = [];
  const run = { id: 'r', cwd, startedMs: Date.now() - 1000 };
  const watch = createFileWatch({
    clock,
    runs: () => [run],
    onMarks: async (_, marks) => {
      steps.push(...marks.filter((mark) => mark.kind === 'step').map((mark) => mark.value ?? 0));
    },
  });
  watch.step();
  return {
    steps,
    look: () => watch.look('r'),
    checkpoint(step: number) {
      mkdirSync(join(cwd, 'checkpoint'), { recursive: true });
      const file = join(cwd, 'checkpoint', 'trainer_state.json');
      writeFileSync(file, JSON.stringify({ global_step: step }));
      const at = new Date(Date.now() + step * 1000);
      utimesSync(file, at, at);
    },
    /** So many seconds, a tick each; real time for what is under way in the background. */
    async pass(seconds: number) {
      for (let i = 0; i < seconds; i++) {
        clock.advance(1000);
        watch.step();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

/** Second after second until it is so: a busy machine takes its time for what is under way. */
const until = (pass: (seconds: number) => Promise<void>, check: () => void): Promise<void> =>
  vi.waitFor(
    async () => {
      await pass(1);
      check();
    },
    { timeout: 10_000 },
  );

it('a small folder is searched every five seconds', async () => {
  const { steps, pass, checkpoint } = scene(3);
  await pass(6);
  checkpoint(1);
  await until(pass, () => expect(steps).toEqual([1]));
});

it('a folder of many names is searched seldom, but what was found in it is followed', async () => {
  const { steps, pass, checkpoint, look } = scene(1000);
  await look();
  checkpoint(1);
  // A thousand names are searched every fifteen seconds.
  await pass(10);
  expect(steps).toEqual([]);
  await until(pass, () => expect(steps).toEqual([1]));
  checkpoint(2);
  await until(pass, () => expect(steps).toEqual([1, 2]));
});

it('at the end of its run a folder is searched, however many names it has', async () => {
  const { steps, checkpoint, look } = scene(1000);
  await look();
  checkpoint(7);
  await look();
  await vi.waitFor(() => expect(steps).toEqual([7]));
});
