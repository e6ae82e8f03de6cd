import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capturesFolder, listCaptures, readCapture } from '../../../tests/captures.ts';
import { parseListing } from './parse-listing.ts';
import { loadListingParser } from './parse-listing-xml.ts';

const listingOf = await loadListingParser();

const gpuXml = (inside: string): string =>
  `<nvidia_smi_log><driver_version>580.65.06</driver_version><gpu id="00000000:01:00.0"><uuid>GPU-1</uuid>${inside}</gpu></nvidia_smi_log>`;
const gpuOf = (inside: string) => listingOf(gpuXml(inside))?.gpus[0];

describe('parseListing', () => {
  it('reads a GPU of a driver before 535', () => {
    const gpu = gpuOf(`
      <product_name>Tesla T4</product_name><product_architecture>Turing</product_architecture><minor_number>0</minor_number>
      <fb_memory_usage><total>15360 MiB</total><used>1032 MiB</used></fb_memory_usage>
      <bar1_memory_usage><total>256 MiB</total><used>5 MiB</used></bar1_memory_usage>
      <utilization><gpu_util>40 %</gpu_util></utilization><temperature><gpu_temp>40 C</gpu_temp></temperature>
      <power_readings><power_draw>26.78 W</power_draw><power_limit>70.00 W</power_limit>
        <enforced_power_limit>65.00 W</enforced_power_limit><max_power_limit>70.00 W</max_power_limit></power_readings>
      <clocks><sm_clock>585 MHz</sm_clock><mem_clock>5000 MHz</mem_clock></clocks>
      <max_clocks><sm_clock>1590 MHz</sm_clock><mem_clock>5001 MHz</mem_clock></max_clocks>
      <processes><process_info><pid>5762</pid><type>C</type><process_name>python</process_name><used_memory>1005 MiB</used_memory></process_info></processes>`);
    expect(gpu).toEqual({
      uuid: 'GPU-1',
      busId: '00000000:01:00.0',
      minorNumber: 0,
      name: 'Tesla T4',
      architecture: 'Turing',
      powerWatts: 26.78,
      averagePowerWatts: null,
      instantPowerWatts: null,
      limitWatts: 65,
      maxLimitWatts: 70,
      utilizationRatio: 0.4,
      // 1032 MiB = 1032 × 1,048,576 = 1,082,130,432 bytes; 15360 MiB = 16,106,127,360 bytes.
      memoryUsedBytes: 1_082_130_432,
      memoryTotalBytes: 16_106_127_360,
      temperatureCelsius: 40,
      clockMegahertz: 585,
      memoryClockMegahertz: 5000,
      isDivided: null,
      instances: [],
      // 1005 × 1,048,576 = 1,053,818,880.
      processes: [{ pid: 5762, type: 'C', name: 'python', memoryUsedBytes: 1_053_818_880 }],
      missing: new Map([
        ['averagePowerWatts', 'not listed'],
        ['instantPowerWatts', 'not listed'],
      ]),
    });
  });

  it('takes the power of the GPU and not that of the module or the memory, whatever stands first', () => {
    const gpu = gpuOf(`
      <module_power_readings><average_power_draw>900.00 W</average_power_draw><current_power_limit>1000.00 W</current_power_limit></module_power_readings>
      <gpu_memory_power_readings><average_power_draw>85.83 W</average_power_draw></gpu_memory_power_readings>
      <gpu_power_readings><average_power_draw>631.95 W</average_power_draw><instant_power_draw>625.68 W</instant_power_draw>
        <current_power_limit>700.00 W</current_power_limit></gpu_power_readings>`);
    expect(gpu).toMatchObject({ powerWatts: 631.95, instantPowerWatts: 625.68, limitWatts: 700 });
  });

  it('has no power for a GPU whose module alone tells one', () => {
    const gpu = gpuOf('<module_power_readings><power_draw>900.00 W</power_draw></module_power_readings>');
    expect(gpu?.powerWatts).toBeNull();
    expect(gpu?.missing.get('powerWatts')).toBe('not listed');
  });

  it('takes the instant power, padded with blanks, where average and plain are not known', () => {
    const gpu = gpuOf(`<gpu_power_readings><power_draw> N/A </power_draw><average_power_draw> N/A </average_power_draw>
      <instant_power_draw> 66.84 W </instant_power_draw></gpu_power_readings>`);
    expect(gpu?.powerWatts).toBe(66.84);
    expect(gpu?.missing.get('averagePowerWatts')).toBe('N/A');
  });

  it.each([
    ['N/A', 'N/A'],
    ['[Unknown Error]', 'Unknown Error'],
    ['Requested functionality has been deprecated', 'Requested functionality has been deprecated'],
    ['-3.00 W', 'out of range: -3'],
  ])('gives no power for %j, and says why', (words, reason) => {
    const gpu = gpuOf(`<power_readings><power_draw>${words}</power_draw></power_readings>`);
    expect(gpu?.powerWatts).toBeNull();
    expect(gpu?.missing.get('powerWatts')).toBe(reason);
  });

  it('keeps the power of a laptop without limits, and of one with a limit of 0 W', () => {
    const power = (limit: string) =>
      gpuOf(`<gpu_power_readings><average_power_draw>8.70 W</average_power_draw>
        <current_power_limit>${limit}</current_power_limit></gpu_power_readings>`);
    expect(power('N/A')).toMatchObject({ powerWatts: 8.7, limitWatts: null });
    expect(power('0.00 W')).toMatchObject({ powerWatts: 8.7, limitWatts: null });
  });

  it('takes no utilisation above 100 % for one', () => {
    const gpu = gpuOf('<utilization><gpu_util>4294967295 %</gpu_util></utilization>');
    expect(gpu?.utilizationRatio).toBeNull();
    expect(gpu?.missing.get('utilizationRatio')).toBe('out of range: 4294967295');
  });

  it('does not crash on a GPU with an empty id and one tag', () => {
    const listing = listingOf(
      '<nvidia_smi_log><gpu id=""><product_name>Tesla P100</product_name></gpu></nvidia_smi_log>',
    );
    expect(listing?.gpus).toMatchObject([{ uuid: null, busId: null, name: 'Tesla P100', powerWatts: null }]);
    expect(listing?.driverVersion).toBeNull();
  });

  it('leaves out a process without a number for its pid', () =>
    expect(
      gpuOf(
        '<processes><process_info><pid>N/A</pid></process_info><process_info><pid>7</pid></process_info></processes>',
      )?.processes,
    ).toEqual([{ pid: 7, type: null, name: null, memoryUsedBytes: null }]));

  it('takes the names of Object for no tags', () =>
    expect(
      parseListing({ nvidia_smi_log: { gpu: JSON.parse('{"constructor":{"x":1},"__proto__":{"uuid":"GPU-1"}}') } }),
    ).toMatchObject({ gpus: [{ uuid: null }] }));

  it.each([[null], [undefined], ['text'], [[]], [{}], [{ nvidia_smi_log: 'x' }], [{ nvidia_smi_log: null }]])(
    'gives null for %j',
    (data) => expect(parseListing(data)).toBeNull(),
  );

  it('throws for no shape at all and gives no number below zero', () => {
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom('gpu', 'power_readings', 'power_draw', 'processes', '_', '$') }),
        (gpu) => {
          for (const found of parseListing({ nvidia_smi_log: { gpu } })?.gpus ?? [])
            expect(found.powerWatts ?? 0).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

/** Read off each file by eye: [bus id, name, power W, limit W, GPU %, memory used MiB, processes]. */
type Line = readonly [string, string, number | null, number | null, number | null, number | null, number];
const expected: Readonly<Record<string, readonly Line[]>> = {
  'pai__nvidia_smi_out_of_order.xml': [
    ['00001580:00:00.0', 'Tesla K80', 135.72, 149, 99, 587, 1],
    ['00002DF7:00:00.0', 'Tesla K80', 139.71, 149, 99, 587, 1],
    ['00004968:00:00.0', 'Tesla K80', 32.27, 149, 0, 0, 0],
    ['0000F8D6:00:00.0', 'Tesla K80', 34.44, 149, 0, 0, 0],
  ],
  'pai__nvidia_smi_outdated_gpu.xml': [['00000000:01:00.0', 'GeForce GT 730', null, null, null, null, 0]],
  // Six GPUs attached, two elements kept; the third process has more memory than the card has in use.
  'pai__nvidia_smi_sample.xml': [
    ['00000000:01:00.0', 'GeForce GTX 1070', 119.47, 180, 100, 2028, 3],
    ['00000000:03:00.0', 'GeForce GTX 1070', 139.3, 180, 98, 4057, 1],
  ],
  'telegraf-old__tesla_p4.xml': [['00000000:00:0B.0', 'GRID P4-1Q', null, null, 0, 807, 13]],
  'telegraf-old__tesla_t4.xml': [['00000000:01:00.0', 'Tesla T4', 13.08, 70, 0, 276, 15]],
  'telegraf-pr__3090-v13.xml': [['00000000:09:00.0', 'NVIDIA GeForce RTX 3090', 35.06, 350, 0, 7, 0]],
  // Turing: the average is N/A, the instant value is there.
  'telegraf-pr__dual_2070-v13.xml': [
    ['00000000:01:00.0', 'NVIDIA GeForce RTX 2070', 9.23, 175, 0, 1, 0],
    ['00000000:02:00.0', 'NVIDIA GeForce RTX 2070', 11.82, 175, 0, 1, 0],
  ],
  'telegraf-pr__dual_2080-v13.xml': [
    ['00000000:01:00.0', 'NVIDIA GeForce RTX 2080', 1, 215, 0, 1, 0],
    ['00000000:02:00.0', 'NVIDIA GeForce RTX 2080', 1.62, 215, 0, 1, 0],
  ],
  // MIG: power and memory are the board's, its use is not told.
  'telegraf__a100-sxm4-v12.xml': [['00000000:01:00.0', 'NVIDIA A100-SXM4-80GB', 67.03, 500, null, 50, 0]],
  'telegraf__a10g.xml': [['00000000:00:1E.0', 'NVIDIA A10G', 25.58, 300, 0, 22, 1]],
  'telegraf__gtx-1070-ti.xml': [['00000000:01:00.0', 'GeForce GTX 1070 Ti', null, null, 0, 42, 0]],
  'telegraf__gtx-1660-ti.xml': [['00000000:43:00.0', 'Graphics Device', 8.93, 130, 0, 0, 0]],
  'telegraf__quadro-p400.xml': [['00000000:43:00.0', 'Quadro P400', null, null, 0, 0, 0]],
  'telegraf__rtx-3080-v12.xml': [['00000000:04:00.0', 'NVIDIA GeForce RTX 3080', 22.78, 336, 0, 1128, 5]],
  'telegraf__rtx-3080-v13.xml': [['00000000:0C:00.0', 'NVIDIA GeForce RTX 3080', 139.62, 320, 65, 9184, 0]],
  'telegraf__rtx-3090-v12.xml': [['00000000:00:10.0', 'NVIDIA GeForce RTX 3090', 27.23, 200, 0, 1, 0]],
  'telegraf__rtx-4000-sff-ada-v13.xml': [
    ['00000000:06:00.0', 'NVIDIA RTX 4000 SFF Ada Generation', 8.81, 70, 0, 3534, 4],
  ],
  'telegraf__tesla-t4.xml': [['00000000:00:1E.0', 'Tesla T4', 26.78, 70, 0, 1032, 2]],
};

describe.skipIf(capturesFolder === null)('on real XML (skipped where there is no ../shared/data)', () => {
  const files = listCaptures('nvidia-smi/xml', '.xml').map((path) => basename(path));
  const read = (file: string) => listingOf(readCapture(`nvidia-smi/xml/${file}`));

  it('has an expectation for every file and a file for every expectation', () =>
    expect(files).toEqual(Object.keys(expected).sort()));

  it.each(files)('reads %s as a person does', (file) => {
    const found = read(file)?.gpus.map(
      (gpu): Line => [
        gpu.busId ?? '',
        gpu.name ?? '',
        gpu.powerWatts,
        gpu.limitWatts,
        gpu.utilizationRatio === null ? null : Math.round(gpu.utilizationRatio * 100),
        gpu.memoryUsedBytes === null ? null : gpu.memoryUsedBytes / 1024 / 1024,
        gpu.processes.length,
      ],
    );
    expect(found).toEqual(expected[file]);
  });

  it('tells average from instant power', () =>
    expect(read('telegraf__rtx-3080-v13.xml')?.gpus[0]).toMatchObject({
      averagePowerWatts: 139.62,
      instantPowerWatts: 142.33,
      maxLimitWatts: 336,
    }));

  it('lists the four instances of a divided GPU, without a power of their own', () => {
    const gpu = read('telegraf__a100-sxm4-v12.xml')?.gpus[0];
    expect(gpu?.isDivided).toBe(true);
    // 12 MiB = 12,582,912 bytes; 19968 MiB = 20,937,965,568 bytes.
    expect(gpu?.instances[0]).toEqual({
      index: 0,
      gpuInstanceId: 3,
      computeInstanceId: 0,
      memoryUsedBytes: 12_582_912,
      memoryTotalBytes: 20_937_965_568,
    });
    expect(gpu?.instances.map((instance) => instance.index)).toEqual([0, 1, 2, 3]);
  });

  it('keeps the GPUs in the order of the file: minor numbers 1, 2, 3, 0', () =>
    expect(read('pai__nvidia_smi_out_of_order.xml')?.gpus.map((gpu) => gpu.minorNumber)).toEqual([1, 2, 3, 0]));

  it('reads the processes of Windows, whose memory is not known', () => {
    const processes = read('telegraf-old__tesla_p4.xml')?.gpus[0]?.processes ?? [];
    expect(processes[0]).toEqual({ pid: 1188, type: 'C+G', name: null, memoryUsedBytes: null });
    expect(processes[12]).toEqual({
      pid: 15_104,
      type: 'C+G',
      name: 'C:\\Windows\\explorer.exe',
      memoryUsedBytes: null,
    });
  });
});
