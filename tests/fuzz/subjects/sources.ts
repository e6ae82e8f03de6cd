import { findJson } from '../../../engine/sources/amd-smi/find-json.ts';
import { parseAmdSmi } from '../../../engine/sources/amd-smi/parse-amd-smi.ts';
import { parseRocmSmi } from '../../../engine/sources/amd-smi/parse-rocm-smi.ts';
import { uniqueIdentity } from '../../../engine/sources/amdgpu/amdgpu-devices.ts';
import { parseFdinfo } from '../../../engine/sources/drm-clients/parse-fdinfo.ts';
import {
  parseMeterHeader,
  parseMeterNumber,
  parseMeterValues,
  parseQuotedRow,
} from '../../../engine/sources/energy-meter/parse-energy-meter.ts';
import { parseSmbiosModules } from '../../../engine/sources/memory-model/smbios.ts';
import { parseUdevModules } from '../../../engine/sources/memory-model/udev-modules.ts';
import {
  encodeFieldQueries,
  fieldBytes,
  parseFields,
  parseProcesses,
  parseProcessUtilization,
  processInfoBytes,
  processUtilizationBytes,
  textUntilNul,
} from '../../../engine/sources/nvml/nvml-structs.ts';
import {
  createPlistSplitter,
  parsePowermetricsPlist,
  parsePowermetricsText,
} from '../../../engine/sources/powermetrics/parse-powermetrics.ts';
import { parseCounterJoules } from '../../../engine/sources/rapl/read-counter.ts';
import { answerDigest } from '../../../engine/sources/wall/digest.ts';
import { isLocalAddress } from '../../../engine/sources/wall/local-address.ts';
import type { Random } from '../random.ts';
import { recordingsOf, seedsOf } from '../seeds.ts';
import { BrokenRule, type FuzzSubject } from '../subject.ts';

const amdSeeds = (pattern: RegExp) => (): readonly string[] => [
  ...seedsOf(pattern, '{"card0": {"Card series": "x"}}'),
  ...recordingsOf('amd-smi', '.json'),
];
const fdinfo =
  'pos:\t0\ndrm-driver:\tamdgpu\ndrm-client-id:\t7\ndrm-pdev:\t0000:0c:00.0\ndrm-memory-vram:\t6144 KiB\ndrm-engine-gfx:\t56369242 ns\ndrm-engine-capacity-gfx:\t2\ndrm-cycles-rcs: 28257900\ndrm-total-cycles-rcs: 7655183225\n';
const udev =
  'E:MEMORY_DEVICE_1_SIZE=17179869184\nE:MEMORY_DEVICE_1_TYPE=DDR4\nE:MEMORY_DEVICE_1_TYPE_DETAIL=Synchronous Registered\n';
const challenge = 'Digest qop="auth", realm="shellyplus1pm-a8032ab1fe78", nonce="62cef2c4", algorithm=SHA-256';

/** Bytes as text, one character each: what the fuzzer changes. */
const latin1 = (bytes: Buffer): string => bytes.toString('latin1');
const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Structure 17 of SMBIOS 2.7 with 16 GiB of registered DDR4, two strings, and the end of the table. */
function smbiosTable(): string {
  const device = Buffer.alloc(34);
  device.set([17, 34, 0, 17]);
  device.writeUInt16LE(16_384, 0x0c);
  device.writeUInt8(26, 0x12);
  device.writeUInt16LE(0x2080, 0x13);
  return `${latin1(device)}DIMM_A1\0Maker\0\0`.repeat(4) + latin1(Buffer.from([127, 4, 0, 127, 0, 0]));
}

/** What three fields are asked with. */
function fieldsSeed(): string {
  const values = Buffer.alloc(3 * fieldBytes);
  encodeFieldQueries(
    viewOf(values),
    [186, 185, 191].map((fieldId) => ({ fieldId, scopeId: 0 })),
  );
  return latin1(values);
}

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView => new DataView(buffer, byteOffset, byteLength);

/** As many structures as the bytes hold: the product's buffers are of a whole number of them. */
const decodeNvml = (text: string): unknown => {
  const bytes = bytesOf(text);
  const view = viewOf(bytes);
  const room = (itemBytes: number): number => Math.min(300, Math.floor(bytes.length / itemBytes));
  return [
    parseFields(view, room(fieldBytes)),
    parseProcesses(view, room(processInfoBytes)),
    parseProcessUtilization(view, room(processUtilizationBytes)),
    textUntilNul(bytes),
  ];
};

/** The header of the text is its first row; every row behind it is read under it. */
function readMeter(text: string): unknown {
  const [header = '', ...lines] = text.split('\n');
  const instances = parseMeterHeader(parseQuotedRow(header) ?? []) ?? [];
  return lines.slice(0, 50).map((line) => {
    const fields = parseQuotedRow(line);
    return fields === null ? null : instances.slice(0, 50).map((instance) => parseMeterValues(fields, instance));
  });
}

function answer(text: string): unknown {
  const header = answerDigest(text, { path: '/rpc', user: 'admin', password: 'x', clientNonce: '0' });
  if (header !== null && /[\r\n]/.test(header)) throw new BrokenRule('a header of several lines');
  return header;
}

/** Property lists in a stream are the same wherever the stream was cut, and all of the text up to the last end of one. */
function splitPlists(text: string, random: Random): unknown {
  const cuts = Array.from({ length: random.below(20) }, () => random.below(text.length + 1)).sort((a, b) => a - b);
  const split = (at: readonly number[]): readonly string[] => {
    const found: string[] = [];
    const take = createPlistSplitter((plist) => found.push(plist));
    for (const [i, from] of [0, ...at].entries()) take(text.slice(from, [...at, text.length][i]));
    return found;
  };
  const whole = split([]);
  const end = text.lastIndexOf('</plist>');
  if (whole.join('') !== (end < 0 ? '' : text.slice(0, end + '</plist>'.length)))
    throw new BrokenRule('property lists that are not the text');
  if (split(cuts).join('|') !== whole.join('|')) throw new BrokenRule(`other property lists when cut at ${cuts}`);
  return whole;
}

export const sourceSubjects: readonly FuzzSubject[] = [
  { id: 'amd-smi', seeds: amdSeeds(/amd\/amd-smi\//), run: parseAmdSmi },
  { id: 'rocm-smi', seeds: amdSeeds(/amd\/rocm-smi\//), run: parseRocmSmi },
  { id: 'json in words', seeds: amdSeeds(/amd\/(?:amd|rocm)-smi\//), run: (text) => findJson(text).kind },
  { id: 'amd unique id', seeds: () => ['0x79ccd55167a2124a', '4edfb117a17a07d'], run: uniqueIdentity },
  { id: 'drm fdinfo', seeds: () => [fdinfo, fdinfo.replace('amdgpu', 'xe')], run: parseFdinfo },
  {
    id: 'powermetrics plist',
    seeds: () => recordingsOf('powermetrics', '.plist'),
    run: parsePowermetricsPlist,
  },
  { id: 'powermetrics text', seeds: () => recordingsOf('powermetrics', '.txt'), run: parsePowermetricsText },
  { id: 'plist splitter, cut anywhere', seeds: () => recordingsOf('powermetrics', '.plist'), run: splitPlists },
  { id: 'energy meter instances', seeds: () => recordingsOf('energy-meter', '.csv'), run: readMeter },
  { id: 'energy meter row', seeds: () => recordingsOf('energy-meter', ''), run: parseQuotedRow },
  { id: 'energy meter number', seeds: () => ['12345.678', '0,5', ' 7 '], run: parseMeterNumber },
  { id: 'digest challenge', seeds: () => [challenge, `${challenge}, opaque="a"`], run: answer },
  {
    id: 'local address',
    seeds: () => ['192.168.1.7', 'fe80::1%eth0', '::ffff:10.0.0.1', '169.254.169.254'],
    run: isLocalAddress,
  },
  { id: 'smbios', seeds: () => [smbiosTable()], run: (text) => parseSmbiosModules(bytesOf(text)) },
  { id: 'udev memory', seeds: () => [udev], run: parseUdevModules },
  {
    id: 'rapl counter',
    seeds: () => ['262143328850\n', ...seedsOf(/rapl\/sysfs\//)],
    run: parseCounterJoules,
  },
  {
    id: 'nvml structs',
    seeds: () => [fieldsSeed(), '\0'.repeat(240)],
    run: decodeNvml,
  },
];
