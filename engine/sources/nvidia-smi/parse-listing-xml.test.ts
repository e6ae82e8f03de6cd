import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadListingParser } from './parse-listing-xml.ts';

const parse = await loadListingParser();
const log = (inside: string): string => `<nvidia_smi_log>${inside}</nvidia_smi_log>`;
const gpu = (inside: string): string => `<gpu id="00000000:0C:00.0">${inside}</gpu>`;

describe('the parser of the long listing', () => {
  it('finds the listing in all that the tool printed', () => {
    const text = `WARNING: <infoROM> is corrupted\n<?xml version="1.0" ?>\n<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">\n${log(`<driver_version>580.65.06</driver_version>${gpu('<uuid>GPU-1</uuid><minor_number>0007</minor_number>')}`)}\nWARNING: x\n`;
    expect(parse(text)).toMatchObject({
      driverVersion: '580.65.06',
      gpus: [{ uuid: 'GPU-1', busId: '00000000:0C:00.0', minorNumber: 7 }],
    });
  });

  it('makes no number of a text that looks like one', () => {
    // As a number the version would lose its last zero.
    expect(parse(log('<driver_version>470.10</driver_version>'))?.driverVersion).toBe('470.10');
    expect(parse(log(gpu('<product_name>0x10</product_name>')))?.gpus[0]?.name).toBe('0x10');
  });

  it('reads names with the characters that XML writes differently', () =>
    expect(
      parse(
        log(
          gpu(
            '<processes><process_info><pid>7</pid><process_name>C:\\a &amp; b\\&lt;x&gt;.exe</process_name></process_info></processes>',
          ),
        ),
      )?.gpus[0]?.processes[0]?.name,
    ).toBe('C:\\a & b\\<x>.exe'));

  it.each([
    ['nothing', ''],
    ['words', 'No devices were found\n'],
    ['a beginning without an end', '<nvidia_smi_log><gpu id="0"><uuid>GPU-1</uuid>'],
    ['an end before the beginning', '</nvidia_smi_log><nvidia_smi_log>'],
    ['a quote that is not closed', log('<gpu id="0><uuid>GPU-1</uuid></gpu>')],
    ['a comment that is not closed', log('<!-- <gpu></gpu>')],
    ['a name of the prototype', log('<__proto__><gpu/></__proto__>')],
    ['tags nested beyond measure', log('<a>'.repeat(5000))],
  ])('gives null for %s', (_, text) => expect(parse(text)).toBeNull());

  it('gives null for more than 8 MiB, and reads a little less', () => {
    const filled = (characters: number): string => {
      const around = log(gpu('<uuid>GPU-1</uuid>')).length;
      return log(`${gpu('<uuid>GPU-1</uuid>')}${' '.repeat(characters - around)}`);
    };
    // 8 MiB = 8,388,608 characters.
    expect(parse(filled(8_388_608))?.gpus).toHaveLength(1);
    expect(parse(filled(8_388_609))).toBeNull();
  });

  it('loses values, and never moves them, where a tag is not closed', () => {
    const module = '<module_power_readings><power_draw>900.00 W</power_draw></module_power_readings>';
    const own = '<gpu_power_readings><power_draw>100.00 W</power_draw></gpu_power_readings>';
    const whole = log(gpu(`<uuid>GPU-1</uuid>${module}${own}`));
    expect(parse(whole)?.gpus[0]?.powerWatts).toBe(100);
    for (const tag of whole.match(/<\/?[a-z_]+>/g) ?? []) {
      const watts = parse(whole.replace(tag, ''))?.gpus[0]?.powerWatts ?? null;
      expect([null, 100]).toContain(watts);
    }
  });

  it('throws for no text at all', () => {
    const words = fc.constantFrom(
      ...['<gpu>', '</gpu>', '<gpu id="', '"', '<uuid>', '</uuid>', '<!--', '-->', '<![CDATA[', ']]>', '<?', '?>'],
      ...['<!DOCTYPE', '[', '<!ENTITY a "b">', '&a;', '&amp;', '&#0;', '>', '<', '/', '=', ' ', 'W', '\n', "'"],
    );
    fc.assert(
      fc.property(fc.array(words), (parts) => {
        const listing = parse(log(parts.join('')));
        expect(listing === null || Array.isArray(listing.gpus)).toBe(true);
      }),
    );
  });
});
