export interface Codec {
  encode(value: unknown): string;
  decode(text: string): unknown;
}

/**
 * Text for what Electron's IPC carries (a structured clone): JSON plus undefined, NaN, -0, infinities, BigInt, Date,
 * RegExp, Map, Set, Error, ArrayBuffer and its views. Functions throw DataCloneError, as in Electron. Cycles, which
 * Electron would carry, throw too. Self-contained: its source text also runs in pages.
 */
export function createCodec(): Codec {
  const TAG = '$';
  const errors: Readonly<Record<string, ErrorConstructor>> = {
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    EvalError,
    URIError,
  };

  const tagged = (kind: string, ...payload: unknown[]): unknown => ({ [TAG]: [kind, ...payload] });

  function base64(bytes: Uint8Array): string {
    const chunkBytes = 0x8000; // fromCharCode takes its characters as arguments, of which there is a limit
    let binary = '';
    for (let at = 0; at < bytes.length; at += chunkBytes)
      binary += String.fromCharCode(...bytes.subarray(at, at + chunkBytes));
    return btoa(binary);
  }

  function packNumber(value: number): unknown {
    if (Object.is(value, -0)) return tagged('number', '-0');
    return Number.isFinite(value) ? value : tagged('number', String(value));
  }

  function packObject(value: object): unknown {
    if (Array.isArray(value)) return Array.from(value, pack);
    if (value instanceof Date) return tagged('date', packNumber(value.getTime()));
    if (value instanceof RegExp) return tagged('regexp', value.source, value.flags);
    if (value instanceof Map)
      return tagged(
        'map',
        Array.from(value, ([key, item]) => [pack(key), pack(item)]),
      );
    if (value instanceof Set) return tagged('set', Array.from(value, pack));
    if (value instanceof Error) return tagged('error', value.name, value.message, value.stack ?? '');
    if (value instanceof ArrayBuffer) return tagged('buffer', base64(new Uint8Array(value)));
    if (ArrayBuffer.isView(value)) {
      return tagged(
        'view',
        value.constructor.name,
        base64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)),
      );
    }
    if (Object.prototype.toString.call(value) !== '[object Object]') {
      throw new TypeError(`${Object.prototype.toString.call(value)} cannot cross the IPC of the stand-in`);
    }
    const entries = Object.entries(value).map(([key, item]) => [key, pack(item)] as const);
    // A key that looks like a tag must not be read as one.
    return TAG in value ? tagged('object', entries) : Object.fromEntries(entries);
  }

  function pack(value: unknown): unknown {
    if (value === undefined) return tagged('undefined');
    if (typeof value === 'number') return packNumber(value);
    if (typeof value === 'bigint') return tagged('bigint', String(value));
    return typeof value === 'object' && value !== null ? packObject(value) : value;
  }

  function unpackError(name: string, message: string, stack: string): Error {
    const error = new (errors[name] ?? Error)(message);
    if (error.name !== name) error.name = name;
    error.stack = stack;
    return error;
  }

  function unpackView(name: string, text: string): unknown {
    const { buffer } = bytesOf(text);
    const View = (globalThis as unknown as Record<string, new (buffer: ArrayBufferLike) => unknown>)[name];
    if (View === undefined) throw new TypeError(`unknown view ${name}`);
    return new View(buffer);
  }

  function bytesOf(text: string): Uint8Array {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at); // from() would call back for each
    return bytes;
  }

  const pairs = (list: unknown): (readonly [unknown, unknown])[] =>
    (list as [unknown, unknown][]).map(([key, item]) => [unpack(key), unpack(item)] as const);

  const untag: Readonly<Record<string, (payload: readonly unknown[]) => unknown>> = {
    undefined: () => undefined,
    number: ([text]) => Number(text),
    bigint: ([text]) => BigInt(text as string),
    date: ([time]) => new Date(unpack(time) as number),
    regexp: ([source, flags]) => new RegExp(source as string, flags as string),
    map: ([list]) => new Map(pairs(list)),
    set: ([list]) => new Set((list as unknown[]).map(unpack)),
    error: ([name, message, stack]) => unpackError(name as string, message as string, stack as string),
    buffer: ([text]) => bytesOf(text as string).buffer,
    view: ([name, text]) => unpackView(name as string, text as string),
    object: ([list]) => Object.fromEntries((list as [string, unknown][]).map(([key, item]) => [key, unpack(item)])),
  };

  function unpack(packed: unknown): unknown {
    if (typeof packed !== 'object' || packed === null) return packed;
    if (Array.isArray(packed)) return packed.map(unpack);
    const tag = (packed as Record<string, unknown>)[TAG];
    if (Array.isArray(tag)) return untag[tag[0] as string]?.(tag.slice(1));
    return Object.fromEntries(Object.entries(packed).map(([key, item]) => [key, unpack(item)]));
  }

  return {
    encode: (value) => JSON.stringify(pack(structuredClone(value))),
    decode: (text) => unpack(JSON.parse(text)),
  };
}
