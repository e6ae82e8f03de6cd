import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { createSvgPen } from './svg-context.ts';
import { xmlText } from './svg-text.ts';

const pen = () => createSvgPen({ widthPx: 100, heightPx: 50, idPrefix: 'a', measure: (text) => 6 * text.length });

describe('a canvas context that writes SVG', () => {
  it('writes a line with its pen', () => {
    const { context, body } = pen();
    context.strokeStyle = '#3e67e0';
    context.lineWidth = 1.3;
    context.setLineDash([7, 3]);
    context.beginPath();
    context.moveTo(1, 2);
    context.lineTo(10, 20.125);
    context.stroke();
    expect(body()).toBe(
      '<path d="M1 2L10 20.13" fill="none" stroke="#3e67e0" stroke-width="1.3" stroke-dasharray="7 3"/>',
    );
  });

  it('puts opacity apart from the colour, and multiplies it with the pen’s own', () => {
    const { context, body } = pen();
    // 0x80 is 128 of 255: 0.502; half of it 0.251.
    context.fillStyle = '#ff000080';
    context.globalAlpha = 0.5;
    context.fillRect(0, 0, 10, 5);
    expect(body()).toBe('<path d="M0 0L10 0L10 5L0 5Z" fill="#ff0000" fill-opacity="0.251"/>');
  });

  it('keeps origin, clip and pen between save and restore', () => {
    const { context, body } = pen();
    context.fillStyle = '#111111';
    context.save();
    context.translate(10, 5);
    context.beginPath();
    context.rect(0, 0, 20, 20);
    context.clip();
    context.fillStyle = '#222222';
    context.fillRect(1, 1, 2, 2);
    context.restore();
    context.fillRect(1, 1, 2, 2);
    expect(body().split('\n')).toEqual([
      '<clipPath id="a0"><path d="M10 5L30 5L30 25L10 25Z"/></clipPath>',
      '<path d="M11 6L13 6L13 8L11 8Z" fill="#222222" clip-path="url(#a0)"/>',
      '<path d="M1 1L3 1L3 3L1 3Z" fill="#111111"/>',
    ]);
  });

  it('draws a whole circle as two halves', () => {
    const { context, body } = pen();
    context.beginPath();
    context.arc(10, 10, 4, 0, 2 * Math.PI);
    context.fill();
    expect(body()).toContain('d="M14 10A4 4 0 0 1 6 10A4 4 0 0 1 14 10"');
  });

  it('turns about its origin, lines and words alike', () => {
    const { context, body } = pen();
    context.translate(10, 20);
    context.rotate(Math.PI / 2);
    context.beginPath();
    context.moveTo(0, 0);
    context.lineTo(5, 0);
    context.stroke();
    context.fillText('W', 0, 0);
    // A quarter turn takes (5, 0) to (0, 5).
    expect(body()).toContain('d="M10 20L10 25"');
    expect(body()).toContain('<text x="10" y="20" font-size="10" fill="#000000" transform="rotate(90 10 20)">W</text>');
  });

  it('places text by its baseline and side, and forgets all when the ground is cleared', () => {
    const { context, body } = pen();
    context.font = '500 10px "A, B", sans-serif';
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    context.fillText('G0 <1>', 50, 20);
    // The middle of a 10 px text lies 3.6 px above its line.
    expect(body()).toBe(
      '<text x="50" y="23.6" font-size="10" font-weight="500" text-anchor="end" fill="#000000">G0 &lt;1&gt;</text>',
    );
    context.clearRect(0, 0, 100, 50);
    expect(body()).toBe('');
  });

  it('makes XML of whatever a run is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const { context, body } = pen();
        context.fillText(name, 0, 0);
        expect(XMLValidator.validate(`<svg>${body()}</svg>`)).toBe(true);
      }),
    );
    expect(xmlText('a\u0000b\u001fc\ud800')).toBe('abc');
  });
});
