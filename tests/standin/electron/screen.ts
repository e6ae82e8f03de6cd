import { LoudEmitter, loud } from '../host/loud.ts';

const BAR_HEIGHT = 32;
const BOUNDS = { x: 0, y: 0, width: 1920, height: 1080 } as const;
const WORK_AREA = { ...BOUNDS, y: BAR_HEIGHT, height: BOUNDS.height - BAR_HEIGHT } as const;
const DISPLAY = {
  id: 1,
  label: 'stand-in',
  bounds: BOUNDS,
  workArea: WORK_AREA,
  size: { width: BOUNDS.width, height: BOUNDS.height },
  workAreaSize: { width: WORK_AREA.width, height: WORK_AREA.height },
  scaleFactor: 1,
  rotation: 0,
  internal: false,
} as const;

/** One display with a bar at its top. */
class Screen extends LoudEmitter {
  constructor() {
    super('screen', ['display-added', 'display-removed', 'display-metrics-changed']);
  }

  getPrimaryDisplay(): typeof DISPLAY {
    return DISPLAY;
  }

  getAllDisplays(): (typeof DISPLAY)[] {
    return [DISPLAY];
  }

  getDisplayMatching(): typeof DISPLAY {
    return DISPLAY;
  }

  getDisplayNearestPoint(): typeof DISPLAY {
    return DISPLAY;
  }

  getCursorScreenPoint(): { readonly x: number; readonly y: number } {
    return { x: 0, y: 0 };
  }
}

export const screen = loud('screen', new Screen());
