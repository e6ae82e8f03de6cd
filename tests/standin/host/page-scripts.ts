import { createBridgeEnd } from '../page/bridge-end.ts';
import { createCodec } from '../page/codec.ts';
import { divertPopups, startPreload } from '../page/preload-host.ts';
import { loud } from './loud.ts';

/** The isolated world that preloads run in; pages do not see its globals. */
export const PRELOAD_WORLD = 'electron-stand-in-preload';
/** The function in that world that carries text to the main process. */
export const BINDING = '__standinPost';
/** The function in that world that takes text from the main process. */
export const DELIVER = '__standinDeliver';

/** Runs in the page's own world before any script of the page. */
export function pageWorldScript(): string {
  // Node strips types without renaming anything, so a function's text is plain JavaScript.
  return `if (window === window.top) (${divertPopups})((${createBridgeEnd})('page'));`;
}

export interface Preload {
  readonly source: string;
  readonly path: string;
}

/** Runs in the preload's world; without a preload too, because popups are asked for from there. */
export function preloadWorldScript(preload: Preload | null): string {
  const versions = { node: process.versions.node }; // no versions.electron: this is not Electron
  const processFacts = JSON.stringify({ platform: process.platform, arch: process.arch, versions });
  // The preload comes first, so that the lines of its stack traces are those of its file.
  return `{ const preload = function (require, module, exports, process) { ${preload?.source ?? ''}
};
if (window === window.top) globalThis.${DELIVER} = (${startPreload})({
  codec: (${createCodec})(),
  bridge: (${createBridgeEnd})('preload'),
  loud: ${loud},
  post: (text) => globalThis.${BINDING}(text),
  process: ${processFacts},
  preload,
}); }
//# sourceURL=${preload?.path ?? 'no-preload.cjs'}`;
}
