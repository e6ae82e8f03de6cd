import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileTree } from '../../../tests/fakes/file-tree.ts';
import { amdgpuFdinfo, drmProcessTree } from '../../../tests/fakes/graphics-cards.ts';
import { createFakeClock, type FakeClock } from '../../clock/fake-clock.ts';
import { createDrmClients, type DrmClients } from './drm-clients.ts';

const busId = '0000:0c:00.0';
const gibibyteInKibibytes = 1024 * 1024;
let root: string;
let clock: FakeClock;
let clients: DrmClients;
let isRunOn = false;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-drm-clients-'));
  clock = createFakeClock(1_700_000_000_000, 10_000);
  clients = createDrmClients({ procfsRoot: root, clock, isRunOn: () => isRunOn });
  isRunOn = false;
});
afterEach(() => {
  clients.close();
  rmSync(root, { recursive: true, force: true });
});

const fdinfo = (clientId: number, computeSeconds: number, change: { readonly busId?: string } = {}): string =>
  amdgpuFdinfo({
    busId,
    clientId,
    computeNanoseconds: computeSeconds * 1e9,
    memoryKibibytes: gibibyteInKibibytes,
    ...change,
  });

async function usersAfter(durationMs: number): Promise<ReturnType<DrmClients['usersOf']>> {
  clock.advance(durationMs);
  await clients.refresh();
  return clients.usersOf(busId);
}

describe('createDrmClients', () => {
  it('names the processes on a GPU, their memory, and after two readings their share of its time', async () => {
    writeFileTree(root, drmProcessTree(4242, 'python3', fdinfo(7, 10)));
    expect(await usersAfter(0)).toEqual({
      processes: [{ pid: 4242, name: 'python3', memoryUsedBytes: 1_073_741_824, smRatio: null }],
      processesAtMs: 10_000,
    });
    writeFileSync(join(root, '4242/fdinfo/5'), fdinfo(7, 10.6));
    // 0.6 s of work in 1 s.
    expect((await usersAfter(1000)).processes?.[0]?.smRatio).toBeCloseTo(0.6, 9);
  });

  it('counts a client once, for the first process that has it: workers inherit their parent’s files', async () => {
    writeFileTree(root, drmProcessTree(100, 'python3', fdinfo(7, 1)));
    writeFileTree(root, drmProcessTree(101, 'python3', fdinfo(7, 1)));
    writeFileTree(root, drmProcessTree(102, 'other', fdinfo(8, 1)));
    expect((await usersAfter(0)).processes?.map((process) => process.pid)).toEqual([100, 102]);
  });

  it('counts a client once though a process has it on two descriptors', async () => {
    writeFileTree(root, drmProcessTree(100, 'python3', fdinfo(7, 1)));
    writeFileTree(root, { '100/fd/6': { link: '/dev/dri/renderD128' }, '100/fdinfo/6': fdinfo(7, 1) });
    expect((await usersAfter(0)).processes).toMatchObject([{ pid: 100, memoryUsedBytes: 1_073_741_824 }]);
  });

  it('keeps GPUs apart, and leaves out a process that merely opened one', async () => {
    writeFileTree(root, drmProcessTree(100, 'python3', fdinfo(7, 1, { busId: '0000:0d:00.0' })));
    writeFileTree(root, drmProcessTree(101, 'launcher', amdgpuFdinfo({ busId, clientId: 9 })));
    expect((await usersAfter(0)).processes).toEqual([]);
    expect(clients.usersOf('0000:0d:00.0').processes).toMatchObject([{ pid: 100 }]);
  });

  it('does not guess the share of a process with compute queues, of which engine times know nothing', async () => {
    writeFileTree(root, drmProcessTree(100, 'python3', fdinfo(7, 1)));
    writeFileTree(root, { '100/fd/6': { link: '/dev/kfd' } });
    await usersAfter(0);
    expect((await usersAfter(1000)).processes).toMatchObject([{ pid: 100, smRatio: null }]);
  });

  it('cannot tell before the first reading, without an address, and where the kernel tells nothing of an open GPU', async () => {
    const unknown = { processes: null, processesAtMs: null };
    expect(clients.usersOf(busId)).toEqual(unknown);
    writeFileTree(root, drmProcessTree(100, 'python3', 'pos:\t0\nflags:\t02\n'));
    expect(await usersAfter(0)).toEqual(unknown);
    expect(clients.usersOf(null)).toEqual(unknown);
  });

  it('tells that nobody uses a GPU where no process has one open', async () =>
    expect(await usersAfter(0)).toEqual({ processes: [], processesAtMs: 10_000 }));

  it('forgets a process that ended', async () => {
    writeFileTree(root, drmProcessTree(100, 'python3', fdinfo(7, 1)));
    expect((await usersAfter(0)).processes).toHaveLength(1);
    rmSync(join(root, '100'), { recursive: true });
    // Its files are gone at once; the next look at all processes comes later. Meanwhile it is known that nobody uses the GPU.
    expect((await usersAfter(1000)).processes).toEqual([]);
    expect((await usersAfter(5000)).processes).toEqual([]);
  });

  it('looks for new processes every 5 s, and at those without a GPU ever more seldom', async () => {
    writeFileTree(root, { '100/comm': 'bash\n', '100/fd/0': { link: '/dev/null' } });
    await usersAfter(0);
    writeFileTree(root, drmProcessTree(200, 'python3', fdinfo(7, 1)));
    expect((await usersAfter(1000)).processes).toEqual([]);
    expect((await usersAfter(4000)).processes).toMatchObject([{ pid: 200 }]);
    // Looked at after 0 and 5 s without a GPU: the next look comes 10 s later, at 15 s.
    writeFileTree(root, { '100/fd/5': { link: '/dev/dri/card0' }, '100/fdinfo/5': fdinfo(8, 1) });
    expect((await usersAfter(5000)).processes?.map((process) => process.pid)).toEqual([200]);
    expect((await usersAfter(5000)).processes?.map((process) => process.pid)).toEqual([100, 200]);
  });

  it('sees within a second that a young process has opened a GPU while a run is on', async () => {
    isRunOn = true;
    writeFileTree(root, { '100/comm': 'python3\n', '100/fd/0': { link: '/dev/null' } });
    for (let second = 0; second < 8; second++) expect((await usersAfter(1000)).processes).toEqual([]);
    // Its libraries are read: it opens the GPU.
    writeFileTree(root, { '100/fd/5': { link: '/dev/dri/renderD128' }, '100/fdinfo/5': fdinfo(8, 1) });
    expect((await usersAfter(1000)).processes).toMatchObject([{ pid: 100 }]);
    // One that has been there for a minute without one is looked at as seldom as ever.
    writeFileTree(root, { '200/comm': 'bash\n', '200/fd/0': { link: '/dev/null' } });
    for (let second = 0; second < 64; second++) await usersAfter(1000);
    writeFileTree(root, { '200/fd/5': { link: '/dev/dri/renderD128' }, '200/fdinfo/5': fdinfo(9, 1) });
    expect((await usersAfter(1000)).processes).toMatchObject([{ pid: 100 }]);
  });

  it('reads at most once a second, however often it is asked', async () => {
    writeFileTree(root, drmProcessTree(100, 'python3', fdinfo(7, 1)));
    await usersAfter(0);
    writeFileSync(join(root, '100/fdinfo/5'), fdinfo(7, 2));
    expect((await usersAfter(500)).processesAtMs).toBe(10_000);
    expect((await usersAfter(500)).processesAtMs).toBe(11_000);
  });

  it('reads nothing more once it is closed', async () => {
    clients.close();
    expect((await usersAfter(0)).processes).toBeNull();
  });
});
