export type Matrix = readonly [number, number, number, number, number, number];
export const noMatrix: Matrix = [1, 0, 0, 1, 0, 0];

/** What a canvas context keeps between save and restore, with its origin and clip. */
export interface SvgState {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  lineCap: string;
  lineJoin: string;
  lineDash: readonly number[];
  globalAlpha: number;
  font: string;
  textAlign: string;
  textBaseline: string;
  /** [a b c d e f] of canvas and SVG alike: x′ = ax + cy + e, y′ = bx + dy + f. Moves and turns only, lengths stay. */
  matrix: Matrix;
  clipId: string | null;
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Fill and stroke as attributes; a colour's own opacity stands apart, as old readers of SVG know only plain colours. */
export function svgPaint(state: SvgState, kind: 'fill' | 'stroke'): string {
  const { color, alpha } = plainColor(kind === 'fill' ? state.fillStyle : state.strokeStyle);
  const opacity = rounded(alpha * state.globalAlpha);
  const withOpacity = opacity === 1 ? '' : ` ${kind}-opacity="${opacity}"`;
  if (kind === 'fill') return ` fill="${color}"${withOpacity}`;
  const dash = state.lineDash.length === 0 ? '' : ` stroke-dasharray="${state.lineDash.map(rounded).join(' ')}"`;
  const cap = state.lineCap === 'butt' ? '' : ` stroke-linecap="${state.lineCap}"`;
  const join = state.lineJoin === 'miter' ? '' : ` stroke-linejoin="${state.lineJoin}"`;
  return ` fill="none" stroke="${color}"${withOpacity} stroke-width="${rounded(state.lineWidth)}"${dash}${cap}${join}`;
}

function plainColor(css: string): { readonly color: string; readonly alpha: number } {
  const hex = /^(#[0-9a-f]{6})([0-9a-f]{2})?$/i.exec(css);
  if (hex !== null)
    return { color: hex[1] ?? css, alpha: hex[2] === undefined ? 1 : Number.parseInt(hex[2], 16) / 255 };
  const rgba = /^rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*([\d.]+)\s*)?\)$/.exec(css);
  if (rgba === null) return { color: xmlText(css), alpha: 1 };
  const color = `#${rgba
    .slice(1, 4)
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')}`;
  return { color, alpha: rgba[4] === undefined ? 1 : Number(rgba[4]) };
}

/** How far below a text's own line, in parts of its size, the line of each baseline lies: of the usual faces for screens. */
const baselines: Readonly<Record<string, number>> = { top: 0.88, middle: 0.36, bottom: -0.22 };
const anchors: Readonly<Record<string, string>> = { center: 'middle', right: 'end', end: 'end' };

/** Size, weight and side of a text as attributes, and how far down its own baseline has to go. */
export function svgFont({ font, textAlign, textBaseline }: SvgState): {
  readonly attributes: string;
  readonly downPx: number;
} {
  const sizePx = Number(/([\d.]+)px/.exec(font)?.[1] ?? 10);
  const weight = /(?:^|\s)(\d{3}|bold)\s/.exec(font)?.[1] ?? null;
  const anchor = anchors[textAlign];
  const attributes =
    ` font-size="${sizePx}"` +
    (weight === null || weight === '400' ? '' : ` font-weight="${weight}"`) +
    (anchor === undefined ? '' : ` text-anchor="${anchor}"`);
  return { attributes, downPx: (baselines[textBaseline] ?? 0) * sizePx };
}

/** Text for an element or an attribute; what XML cannot hold at all (control characters, halves of pairs) is left out. */
export function xmlText(text: string): string {
  const allowed = [...text].filter((character) => isXmlCharacter(character.codePointAt(0) ?? 0));
  return allowed
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** The characters of XML 1.0, https://www.w3.org/TR/xml/#charsets. */
function isXmlCharacter(code: number): boolean {
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  const isControl = code < 0x20 && code !== 0x9 && code !== 0xa && code !== 0xd;
  return !isControl && !isHalf && code !== 0xfffe && code !== 0xffff;
}
