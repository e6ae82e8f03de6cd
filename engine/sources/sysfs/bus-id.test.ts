import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeBusId } from './bus-id.ts';

describe('normalizeBusId', () => {
  it.each([
    // nvidia-smi and NVML write eight digits of domain, sysfs four.
    ['00000000:01:00.0', '0000:01:00.0'],
    ['00000000:0B:00.0', '0000:0b:00.0'],
    ['0000:01:00.0', '0000:01:00.0'],
    ['01:00.0', '0000:01:00.0'],
    [' 0000:C1:1F.7\n', '0000:c1:1f.7'],
    // A domain behind Intel's VMD has five digits, in sysfs too.
    ['00010000:E1:00.0', '10000:e1:00.0'],
    ['10000:e1:00.0', '10000:e1:00.0'],
    ['0001:03:00.0', '0001:03:00.0'],
  ])('writes %j as sysfs does: %s', (text, busId) => expect(normalizeBusId(text)).toBe(busId));

  it.each([
    '',
    'N/A',
    '01:00',
    '0000:01:00',
    '0000:01:20.0',
    '0000:01:00.8',
    '000000001:01:00.0',
    '0000:01:00.0.0',
    '../../etc',
  ])('takes %j for no address', (text) => expect(normalizeBusId(text)).toBeNull());

  it('changes nothing any more in what it gave', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xfffff }),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: 31 }),
        fc.integer({ min: 0, max: 7 }),
        (domain, bus, device, pciFunction) => {
          const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
          const once = normalizeBusId(
            `${hex(domain, 8)}:${hex(bus, 2)}:${hex(device, 2)}.${pciFunction}`.toUpperCase(),
          );
          expect(once).toBe(`${hex(domain, 4)}:${hex(bus, 2)}:${hex(device, 2)}.${pciFunction}`);
          expect(normalizeBusId(once ?? '')).toBe(once);
        },
      ),
    );
  });
});
