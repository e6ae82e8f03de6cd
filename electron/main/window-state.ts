import { z } from 'zod';
import { languageSettingSchema } from '../../shared/model/settings.ts';

const rectangleSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
export type Rectangle = z.infer<typeof rectangleSchema>;

/** What the app remembers of its window from one start to the next. */
export const windowStateSchema = z.object({
  /** Size and place when neither maximized nor full screen; null: never shown. */
  bounds: rectangleSchema.nullable().catch(null),
  isMaximized: z.boolean().catch(false),
  theme: z.enum(['system', 'light', 'dark', 'contrast']).catch('system'),
  language: languageSettingSchema.catch('system'),
  /** Whether the user was told that closing the window leaves the sampling on. */
  hasToldOfTray: z.boolean().catch(false),
});
export type WindowState = z.infer<typeof windowStateSchema>;

export const initialWindowState: WindowState = {
  bounds: null,
  isMaximized: false,
  theme: 'system',
  language: 'system',
  hasToldOfTray: false,
};
export const smallestWindow = { width: 720, height: 480 } as const;
const usualWindow = { width: 1280, height: 800 } as const;
/** So much of the window's top edge has to be on a screen that it can be seen and dragged. */
const leastVisible = { width: 120, height: 40 } as const;

/** The state in a file's text; the initial one where that is no such text. */
export function parseWindowState(text: string): WindowState {
  try {
    const parsed = windowStateSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : initialWindowState;
  } catch (error) {
    if (error instanceof SyntaxError) return initialWindowState;
    throw error;
  }
}

/** Where to open the window: where it was, unless that screen is gone, and never larger than its screen. Without a place: the system chooses. */
export function openingBounds(
  state: WindowState,
  workAreas: readonly Rectangle[],
): { readonly width: number; readonly height: number; readonly x?: number; readonly y?: number } {
  const { bounds } = state;
  const [main = { x: 0, y: 0, ...usualWindow }] = workAreas;
  if (bounds === null) return fittedSize(usualWindow, main);
  const placed = workAreas.map((area) => ({ area, opened: { ...bounds, ...fittedSize(bounds, area) } }));
  const reachable = placed.find(({ area, opened }) => isReachable(opened, area));
  return reachable?.opened ?? fittedSize(bounds, main);
}

function isReachable(bounds: Rectangle, area: Rectangle): boolean {
  const visibleWidth = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const isTopInside = bounds.y >= area.y && bounds.y + leastVisible.height <= area.y + area.height;
  return isTopInside && visibleWidth >= leastVisible.width;
}

function fittedSize(
  size: { readonly width: number; readonly height: number },
  area: Rectangle,
): { readonly width: number; readonly height: number } {
  return {
    width: Math.max(smallestWindow.width, Math.min(size.width, area.width)),
    height: Math.max(smallestWindow.height, Math.min(size.height, area.height)),
  };
}
