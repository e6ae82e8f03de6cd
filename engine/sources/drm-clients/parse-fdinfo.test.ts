import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amdgpuFdinfo } from '../../../tests/fakes/graphics-cards.ts';
import { parseFdinfo } from './parse-fdinfo.ts';

const i915 = [
  'pos:\t0',
  'flags:\t02100002',
  'drm-driver:\ti915',
  'drm-client-id:\t26',
  'drm-pdev:\t0000:03:00.0',
  'drm-total-system0:\t848 KiB',
  'drm-resident-local0:\t6144 KiB',
  'drm-engine-render:\t25662044495 ns',
  'drm-engine-copy:\t0 ns',
  'drm-engine-video:\t1000 ns',
  'drm-engine-capacity-video:\t2',
].join('\n');

/** As in the kernel's documentation of xe, shortened. */
const xe = [
  'drm-driver:     xe',
  'drm-client-id:  3',
  'drm-pdev:       0000:03:00.0',
  'drm-total-vram0:        23992 KiB',
  'drm-resident-vram0:     23 MiB',
  'drm-cycles-rcs: 28257900',
  'drm-total-cycles-rcs:   7655183225',
  'drm-cycles-ccs: 0',
  'drm-total-cycles-ccs:   7655183225',
  'drm-engine-capacity-ccs:        4',
].join('\n');

describe('parseFdinfo', () => {
  it('reads an amdgpu client', () => {
    const text = amdgpuFdinfo({
      busId: '0000:0c:00.0',
      clientId: 7,
      gfxNanoseconds: 56_369_242,
      computeNanoseconds: 46_464_671,
      memoryKibibytes: 44_564,
    });
    const client = parseFdinfo(text);
    expect(client).toMatchObject({
      driver: 'amdgpu',
      busId: '0000:0c:00.0',
      clientId: '7',
      // 44,564 KiB · 1,024
      memoryUsedBytes: 45_633_536,
    });
    expect([...(client?.engines ?? [])]).toEqual([
      ['gfx', { busy: 56_369_242, total: null, capacity: 1 }],
      ['compute', { busy: 46_464_671, total: null, capacity: 1 }],
      ['dec', { busy: 0, total: null, capacity: 1 }],
    ]);
  });

  it('adds up the memory on the tiles of a card', () =>
    // 23 MiB and 1,024 KiB: 24 MiB.
    expect(parseFdinfo(`${xe}\ndrm-resident-vram1:\t1024 KiB`)?.memoryUsedBytes).toBe(25_165_824));

  it('reads an i915 client, whose engines have capacities', () => {
    const client = parseFdinfo(i915);
    expect(client?.engines.get('render')).toEqual({ busy: 25_662_044_495, total: null, capacity: 1 });
    expect(client?.engines.get('video')).toEqual({ busy: 1000, total: null, capacity: 2 });
    expect(client?.engines.has('capacity-video')).toBe(false);
    // 6,144 KiB
    expect(client?.memoryUsedBytes).toBe(6_291_456);
  });

  it('reads an xe client, which counts cycles', () => {
    const client = parseFdinfo(xe);
    expect(client?.engines.get('rcs')).toEqual({ busy: 28_257_900, total: 7_655_183_225, capacity: 1 });
    expect(client?.engines.get('ccs')).toEqual({ busy: 0, total: 7_655_183_225, capacity: 4 });
    // 23 MiB
    expect(client?.memoryUsedBytes).toBe(24_117_248);
  });

  it.each([
    ['an ordinary file', 'pos:\t0\nflags:\t0100002\nmnt_id:\t26\n'],
    ['a driver without an address', 'drm-driver:\tvirtio_gpu\ndrm-client-id:\t1\n'],
    ['a client without a number', 'drm-driver:\tamdgpu\ndrm-pdev:\t0000:0c:00.0\ndrm-client-id:\tx\n'],
    ['text cut short', 'drm-driver:\tamdgpu\ndrm-pdev:\t0000:0'],
    ['nothing', ''],
  ])('takes %s for no client', (_, text) => expect(parseFdinfo(text)).toBeNull());

  it('leaves out engines and memory that are no numbers in the unit that the format demands', () => {
    const head = 'drm-driver:\tamdgpu\ndrm-pdev:\t0000:0c:00.0\ndrm-client-id:\t1\n';
    const client = parseFdinfo(
      `${head}drm-engine-gfx:\t12 ms\ndrm-engine-compute:\t-5 ns\ndrm-cycles-rcs:\t5\ndrm-memory-vram:\t3 GB\n`,
    );
    expect(client).toMatchObject({ memoryUsedBytes: null });
    expect(client?.engines.size).toBe(0);
  });

  it('takes any text, and gives back whatever engine time it was given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.nat(), (noise, nanoseconds) => {
        parseFdinfo(noise);
        const safe = noise.replaceAll('drm-', '');
        const text = `${safe}\n${amdgpuFdinfo({ busId: '0000:0c:00.0', clientId: 1, gfxNanoseconds: nanoseconds })}`;
        expect(parseFdinfo(text)?.engines.get('gfx')?.busy).toBe(nanoseconds);
      }),
    );
  });
});
