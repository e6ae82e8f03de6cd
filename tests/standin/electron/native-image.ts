import { readFileSync } from 'node:fs';
import { loud } from '../host/loud.ts';

export interface NativeImage {
  isEmpty(): boolean;
  getSize(): { readonly width: number; readonly height: number };
  toPNG(): Buffer;
  toDataURL(): string;
  resize(): NativeImage;
  addRepresentation(): void;
  setTemplateImage(isTemplate: boolean): void;
  isTemplateImage(): boolean;
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const PNG_WIDTH_AT = 16; // in the IHDR chunk, which is always first
const PNG_HEIGHT_AT = 20;

/** Holds a PNG file as it is; other formats have no size here, and nothing is ever scaled. */
export function createImage(png: Buffer): NativeImage {
  const isPng = png.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE);
  let isTemplate = false;
  const image: NativeImage = loud('NativeImage', {
    isEmpty: () => png.length === 0,
    getSize: () =>
      isPng
        ? { width: png.readUInt32BE(PNG_WIDTH_AT), height: png.readUInt32BE(PNG_HEIGHT_AT) }
        : { width: 0, height: 0 },
    toPNG: () => png,
    toDataURL: () => `data:image/png;base64,${png.toString('base64')}`,
    resize: () => image,
    addRepresentation: () => undefined,
    setTemplateImage: (value: boolean) => {
      isTemplate = value;
    },
    isTemplateImage: () => isTemplate,
  });
  return image;
}

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0); // Electron gives an empty image too, and an app should check isEmpty()
  }
}

export const nativeImage = loud('nativeImage', {
  createEmpty: () => createImage(Buffer.alloc(0)),
  createFromPath: (path: string) => createImage(readOrEmpty(path)),
  createFromBuffer: (buffer: Buffer) => createImage(buffer),
  createFromBitmap: (bitmap: Buffer) => createImage(bitmap),
  createFromDataURL: (url: string) => createImage(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
});
