import { noMatrix, type SvgState, svgFont, svgPaint, xmlText } from './svg-text.ts';

export interface SvgPen {
  readonly context: CanvasRenderingContext2D;
  /** Everything drawn since the ground was last cleared, as elements of an SVG, their clip paths before them. */
  body(): string;
}

interface SvgPenOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Begins every id, so that drawings can stand in one document. */
  readonly idPrefix: string;
  readonly measure: (text: string, font: string) => number;
}

const firstState: SvgState = {
  fillStyle: '#000000',
  strokeStyle: '#000000',
  lineWidth: 1,
  lineCap: 'butt',
  lineJoin: 'miter',
  lineDash: [],
  globalAlpha: 1,
  font: '10px sans-serif',
  textAlign: 'start',
  textBaseline: 'alphabetic',
  matrix: noMatrix,
  clipId: null,
};

const degreesOf = (sine: number, cosine: number): number => (Math.atan2(sine, cosine) * 180) / Math.PI;

const rounded = (value: number): number => Math.round(value * 100) / 100;

/**
 * A canvas context that writes SVG in place of pixels, as much of one as the charts, chart.js and its annotations draw
 * with: paths of lines and arcs, rectangles, text, clips, moves and turns. Scales are not among them.
 */
export function createSvgPen({ widthPx, heightPx, idPrefix, measure }: SvgPenOptions): SvgPen {
  let elements: string[] = [];
  let state: SvgState = { ...firstState };
  const saved: SvgState[] = [];
  let path: string[] = [];
  let clips = 0;

  const at = (x: number, y: number): string => {
    const [a, b, c, d, e, f] = state.matrix;
    return `${rounded(a * x + c * y + e)} ${rounded(b * x + d * y + f)}`;
  };
  const clip = (): string => (state.clipId === null ? '' : ` clip-path="url(#${state.clipId})"`);

  function paint(pathText: string, kind: 'fill' | 'stroke'): void {
    if (pathText === '') return;
    elements.push(`<path d="${pathText}"${svgPaint(state, kind)}${clip()}/>`);
  }

  const rectanglePath = (x: number, y: number, width: number, height: number): string =>
    `M${at(x, y)}L${at(x + width, y)}L${at(x + width, y + height)}L${at(x, y + height)}Z`;

  function arc(x: number, y: number, radius: number, angles: { from: number; to: number; isBack: boolean }): void {
    const { isBack } = angles;
    const turn = Math.min(2 * Math.PI, Math.max(-2 * Math.PI, angles.to - angles.from));
    const sweep = isBack ? 0 : 1;
    const on = (angle: number): string => at(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    path.push(`${path.length === 0 ? 'M' : 'L'}${on(angles.from)}`);
    if (radius <= 0 || turn === 0) return;
    // A whole circle has the same begin and end, which SVG draws as nothing: two halves.
    const middle = angles.from + turn / 2;
    for (const end of [middle, angles.from + turn])
      path.push(`A${rounded(radius)} ${rounded(radius)} 0 0 ${sweep} ${on(end)}`);
  }

  const drawing = {
    canvas: { width: widthPx, height: heightPx },
    save: () => void saved.push({ ...state }),
    restore() {
      state = saved.pop() ?? state;
    },
    setTransform(a: number, b: number, c: number, d: number, e: number, f: number) {
      state.matrix = [a, b, c, d, e, f];
    },
    resetTransform() {
      state.matrix = noMatrix;
    },
    translate(x: number, y: number) {
      const [a, b, c, d, e, f] = state.matrix;
      state.matrix = [a, b, c, d, e + a * x + c * y, f + b * x + d * y];
    },
    rotate(angle: number) {
      const [a, b, c, d, e, f] = state.matrix;
      const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
      state.matrix = [a * cosine + c * sine, b * cosine + d * sine, c * cosine - a * sine, d * cosine - b * sine, e, f];
    },
    setLineDash(dash: readonly number[]) {
      state.lineDash = [...dash];
    },
    getLineDash: () => [...state.lineDash],
    clearRect(x: number, y: number, width: number, height: number) {
      if (x > 0 || y > 0 || width < widthPx || height < heightPx) return;
      elements = [];
      clips = 0;
    },
    beginPath() {
      path = [];
    },
    closePath: () => void path.push('Z'),
    moveTo: (x: number, y: number) => void path.push(`M${at(x, y)}`),
    lineTo: (x: number, y: number) => void path.push(`${path.length === 0 ? 'M' : 'L'}${at(x, y)}`),
    bezierCurveTo: (ax: number, ay: number, bx: number, by: number, x: number, y: number) =>
      void path.push(`C${at(ax, ay)} ${at(bx, by)} ${at(x, y)}`),
    rect: (x: number, y: number, width: number, height: number) => void path.push(rectanglePath(x, y, width, height)),
    roundRect(x: number, y: number, width: number, height: number, radius: number) {
      const [right, bottom] = [x + width, y + height];
      const corner = (toX: number, toY: number): string => `A${radius} ${radius} 0 0 1 ${at(toX, toY)}`;
      path.push(
        `M${at(x + radius, y)}L${at(right - radius, y)}${corner(right, y + radius)}` +
          `L${at(right, bottom - radius)}${corner(right - radius, bottom)}` +
          `L${at(x + radius, bottom)}${corner(x, bottom - radius)}L${at(x, y + radius)}${corner(x + radius, y)}Z`,
      );
    },
    arc(x: number, y: number, radius: number, from: number, to: number, isBack = false) {
      arc(x, y, radius, { from, to, isBack });
    },
    fill: () => paint(path.join(''), 'fill'),
    stroke: () => paint(path.join(''), 'stroke'),
    fillRect: (x: number, y: number, width: number, height: number) =>
      paint(rectanglePath(x, y, width, height), 'fill'),
    strokeRect: (x: number, y: number, width: number, height: number) =>
      paint(rectanglePath(x, y, width, height), 'stroke'),
    clip() {
      const id = `${idPrefix}${clips++}`;
      elements.push(`<clipPath id="${id}"><path d="${path.join('')}"${clip()}/></clipPath>`);
      state.clipId = id;
    },
    fillText(text: string, x: number, y: number) {
      const { attributes, downPx } = svgFont(state);
      const [a, b] = state.matrix;
      const place = at(x, y + downPx);
      const [left, top] = place.split(' ');
      const turned = Math.abs(b) < 1e-9 && a > 0 ? '' : ` transform="rotate(${rounded(degreesOf(b, a))} ${place})"`;
      const look = `${attributes}${svgPaint(state, 'fill')}${turned}${clip()}`;
      elements.push(`<text x="${left}" y="${top}"${look}>${xmlText(text)}</text>`);
    },
    measureText: (text: string) => ({ width: measure(text, state.font) }),
  };

  // What a context is told by its properties is kept in the state, so that save and restore hold for it.
  const context = new Proxy(drawing, {
    get: (target, name) => (name in target ? Reflect.get(target, name) : Reflect.get(state, name)),
    set: (_target, name, value) => Reflect.set(state, name, value),
  });
  return { context: context as unknown as CanvasRenderingContext2D, body: () => elements.join('\n') };
}
