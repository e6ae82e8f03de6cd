import { BinaryReader } from '@bufbuild/protobuf/wire';
import { msFromSeconds } from '../../../shared/units.ts';
import { createByteQueue, type MarkFileReader } from '../file-reader.ts';
import { type ReadMark, readMark } from '../reader.ts';
import { maskedCrc32c } from './crc32c.ts';

/** A record longer than this is no scalar: images and graphs are passed over without being held. */
const mostRecordBytes = 4 * 1024 * 1024;
const headerBytes = 12;
const checksumBytes = 4;

/** What an event says of scalars: tensorflow/core/util/event.proto, summary.proto. */
interface ScalarEvent {
  readonly wallMs: number;
  readonly step: number;
  readonly values: readonly { readonly tag: string; readonly value: number }[];
}

/** TensorBoard's event files: TFRecords of `Event`. A file that is damaged is read up to there. */
export const tensorboardFile: MarkFileReader = {
  id: 'tensorboard',
  kind: 'grows',
  isOwn: (name) => /\.tfevents\./.test(name) && !name.endsWith('.profile-empty'),
  create() {
    const queue = createByteQueue();
    let isDamaged = false;
    /** Lightning counts from 0 what it has done. */
    let offset: number | null = null;

    function marksOf({ wallMs: atMs, step: told, values }: ScalarEvent): readonly ReadMark[] {
      if (values.length === 0 || values.every(({ tag }) => /^(hp_metric|eval|val|test)/.test(tag))) return [];
      const byEpoch = values.find(({ tag }) => tag.startsWith('epoch_'));
      if (byEpoch !== undefined) {
        // Keras: one event an epoch, counted from 0.
        const epoch = told + 1;
        return byEpoch.tag === 'epoch_loss'
          ? [readMark('epoch', epoch, { atMs }), readMark('loss', byEpoch.value, { atMs, epoch })]
          : [];
      }
      offset ??= told === 0 ? 1 : 0;
      const step = told + offset;
      const marks = [readMark('step', step, { atMs })];
      for (const { tag, value } of values) {
        if (tag === 'train/epoch') marks.push(readMark('epoch', value, { atMs, step }));
        else if (/(^|[/_])loss$/.test(tag))
          marks.push(readMark(tag === 'train/loss' ? 'loss' : tag.slice(0, 40), value, { atMs, step }));
        else if (/(^|\/)(num_input_tokens_seen|num_tokens|tokens)$/.test(tag))
          marks.push(readMark('tokens', value, { atMs, step }));
      }
      return marks;
    }

    return {
      push(bytes) {
        if (isDamaged) return [];
        queue.push(bytes);
        const marks: ReadMark[] = [];
        for (;;) {
          const header = queue.peek(headerBytes);
          if (header === null) return marks;
          const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
          const length = Number(view.getBigUint64(0, true));
          isDamaged = maskedCrc32c(header.subarray(0, 8)) !== view.getUint32(8, true) || length > mostRecordBytes;
          if (isDamaged) return marks;
          const record = queue.peek(headerBytes + length + checksumBytes);
          if (record === null) return marks;
          const data = record.subarray(headerBytes, headerBytes + length);
          const said = new DataView(record.buffer, record.byteOffset + headerBytes + length).getUint32(0, true);
          const event = maskedCrc32c(data) === said ? parseEvent(data) : null;
          queue.drop(headerBytes + length + checksumBytes);
          if (event !== null) marks.push(...marksOf(event));
        }
      },
    };
  },
};

function parseEvent(data: Uint8Array): ScalarEvent | null {
  try {
    const reader = new BinaryReader(data);
    let wallSeconds = 0;
    let step = 0;
    const values: { tag: string; value: number }[] = [];
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (field === 1) wallSeconds = reader.double();
      else if (field === 2) step = Number(reader.int64());
      else if (field === 5) values.push(...parseSummary(reader.bytes()));
      else reader.skip(type);
    }
    return { wallMs: msFromSeconds(wallSeconds), step, values };
  } catch {
    // No protobuf after all: one record, not the file.
    return null;
  }
}

function parseSummary(data: Uint8Array): readonly { readonly tag: string; readonly value: number }[] {
  const reader = new BinaryReader(data);
  const values: { tag: string; value: number }[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field !== 1) {
      reader.skip(type);
      continue;
    }
    const found = parseValue(reader.bytes());
    if (found !== null) values.push(found);
  }
  return values;
}

/** `simple_value`, or the one number of a tensor of floats, as TensorFlow 2 writes scalars. */
function parseValue(data: Uint8Array): { readonly tag: string; readonly value: number } | null {
  const reader = new BinaryReader(data);
  let tag = '';
  let value: number | null = null;
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1) tag = reader.string();
    else if (field === 2 && type === 5) value = reader.float();
    else if (field === 8) value = parseTensor(reader.bytes()) ?? value;
    else reader.skip(type);
  }
  return value === null || !Number.isFinite(value) ? null : { tag, value };
}

/** DT_FLOAT of tensorflow/core/framework/types.proto. */
const floats = 1;

function parseTensor(data: Uint8Array): number | null {
  const reader = new BinaryReader(data);
  let kind = 0;
  let value: number | null = null;
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1) kind = reader.int32();
    else if (field === 4) value = oneFloat(reader.bytes()) ?? value;
    else if (field === 5) value = type === 2 ? (oneFloat(reader.bytes()) ?? value) : reader.float();
    else reader.skip(type);
  }
  return kind === floats ? value : null;
}

const oneFloat = (bytes: Uint8Array): number | null =>
  bytes.length === 4 ? new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true) : null;
