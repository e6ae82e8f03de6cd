import { BinaryReader } from '@bufbuild/protobuf/wire';
import { msFromSeconds } from '../../../shared/units.ts';
import { createByteQueue, type MarkFileReader } from '../file-reader.ts';
import { type ReadMark, readMark } from '../reader.ts';

/** Loaded with the first file there is to check: it takes 2 MiB. */
const crc32 = (data: Uint8Array, before?: number): number => process.getBuiltinModule('node:zlib').crc32(data, before);

/** LevelDB's log: blocks of 32 KiB, in them pieces of records behind 7 bytes each (leveldb, doc/log_format.md). */
const blockBytes = 32_768;
const pieceHeaderBytes = 7;
/** ':W&B', 0xBEE1, version (wandb/sdk/internal/datastore.py). */
const fileHeaderBytes = 7;
const mostRecordBytes = 4 * 1024 * 1024;
const pieces = { whole: 1, first: 2, middle: 3, last: 4 } as const;

/** W&B's own file of an offline run: `wandb_internal.Record`s, of which the history's are read. A file that is damaged is read up to there. */
export const wandbFile: MarkFileReader = {
  id: 'wandb',
  kind: 'grows',
  isOwn: (name) => name.endsWith('.wandb'),
  create() {
    const queue = createByteQueue();
    let position = 0;
    let isDamaged = false;
    let record: Uint8Array[] = [];
    let recordBytes = 0;

    function drop(length: number): void {
      queue.drop(length);
      position += length;
    }

    /** The next piece; null where it is not there yet, or none follows. */
    function nextPiece(): { readonly kind: number; readonly data: Uint8Array } | null {
      const leftInBlock = blockBytes - (position % blockBytes);
      if (leftInBlock < pieceHeaderBytes) {
        if (queue.peek(leftInBlock) === null) return null;
        drop(leftInBlock);
      }
      const header = queue.peek(pieceHeaderBytes);
      if (header === null) return null;
      const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
      const [said, length, kind] = [view.getUint32(0, true), view.getUint16(4, true), view.getUint8(6)];
      const whole = queue.peek(pieceHeaderBytes + length);
      if (whole === null) return null;
      const data = whole.slice(pieceHeaderBytes);
      isDamaged = kind < pieces.whole || kind > pieces.last || crc32(data, crc32(Uint8Array.of(kind))) !== said;
      if (isDamaged) return null;
      drop(pieceHeaderBytes + length);
      return { kind, data };
    }

    function join({ kind, data }: { readonly kind: number; readonly data: Uint8Array }): Uint8Array | null {
      if (kind === pieces.whole) return data;
      if (kind === pieces.first) [record, recordBytes] = [[], 0];
      recordBytes += data.length;
      if (recordBytes <= mostRecordBytes) record.push(data);
      return kind === pieces.last && recordBytes <= mostRecordBytes ? Buffer.concat(record) : null;
    }

    return {
      push(bytes) {
        if (isDamaged) return [];
        queue.push(bytes);
        if (position === 0) {
          const header = queue.peek(fileHeaderBytes);
          if (header === null) return [];
          isDamaged = Buffer.from(header.subarray(0, 4)).toString('latin1') !== ':W&B';
          drop(fileHeaderBytes);
        }
        const marks: ReadMark[] = [];
        for (let piece = isDamaged ? null : nextPiece(); piece !== null; piece = nextPiece()) {
          const whole = join(piece);
          if (whole !== null) marks.push(...marksOf(parseHistory(whole)));
        }
        return marks;
      },
    };
  },
};

/** Field numbers of wandb/proto/wandb_internal.proto: Record.history, HistoryRecord.item, HistoryItem.key, .nested_key and .value_json. */
const fields = { history: 2, item: 1, key: 1, nestedKey: 2, json: 16 } as const;

function parseHistory(data: Uint8Array): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  try {
    const reader = new BinaryReader(data);
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (field !== fields.history) {
        reader.skip(type);
        continue;
      }
      const history = new BinaryReader(reader.bytes());
      while (history.pos < history.len) {
        const [inner, innerType] = history.tag();
        if (inner === fields.item) parseItem(history.bytes(), values);
        else history.skip(innerType);
      }
    }
  } catch {
    // No protobuf after all: one record, not the file.
  }
  return values;
}

function parseItem(data: Uint8Array, values: Map<string, number>): void {
  const reader = new BinaryReader(data);
  let key = '';
  let json = '';
  const nested: string[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === fields.key) key = reader.string();
    else if (field === fields.nestedKey) nested.push(reader.string());
    else if (field === fields.json) json = reader.string();
    else reader.skip(type);
  }
  const value = Number(json);
  if (json !== '' && Number.isFinite(value)) values.set(nested.length > 0 ? nested.join('/') : key, value);
}

const stepKeys = ['train/global_step', 'trainer/global_step', 'global_step', 'step'] as const;

function marksOf(values: ReadonlyMap<string, number>): readonly ReadMark[] {
  const seconds = values.get('_timestamp');
  if (seconds === undefined) return [];
  const atMs = msFromSeconds(seconds);
  const own = stepKeys.map((key) => values.get(key)).find((value) => value !== undefined);
  const logged = values.get('_step');
  // W&B counts its own calls from 0: the steps of a loop that logs each of them.
  const step = own ?? (logged === undefined ? null : logged + 1);
  if (step === null) return [];
  const marks = [readMark('step', step, { atMs })];
  const epoch = values.get('train/epoch');
  if (epoch !== undefined) marks.push(readMark('epoch', epoch, { atMs, step }));
  const loss = values.get('train/loss') ?? values.get('loss') ?? values.get('train_loss');
  if (loss !== undefined) marks.push(readMark('loss', loss, { atMs, step }));
  const tokens = values.get('train/num_input_tokens_seen') ?? values.get('tokens');
  if (tokens !== undefined) marks.push(readMark('tokens', tokens, { atMs, step }));
  return marks;
}
