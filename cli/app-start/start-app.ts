import { join } from 'node:path';
import { serveCommand } from '../commands/serve.ts';
import type { CliContext } from '../context.ts';
import { openElectronWindow } from './electron-window.ts';
import { obstacleSentence } from './start-decision.ts';

/** `wattrun` alone: the app; where Electron cannot open a window, the same pages in a browser. */
export async function startApp(context: CliContext): Promise<number> {
  const { environment, say } = context;
  const stopWatching = environment.npm_lifecycle_event === 'start' ? watchParent() : () => {};
  try {
    const outcome = await openElectronWindow({
      root: join(import.meta.dirname, '../..'),
      platform: process.platform,
      userId: process.getuid?.() ?? null,
      environment,
      say,
    });
    if (typeof outcome === 'number') return outcome;
    say(obstacleSentence(outcome));
    return await serveCommand(context, { host: '127.0.0.1', port: 0, isOpening: true, isJson: false });
  } finally {
    stopWatching();
  }
}

/** npm that is ended does not always end what it started: whoever has lost it ends too. */
function watchParent(): () => void {
  const parent = process.ppid;
  const timer = setInterval(() => process.ppid !== parent && process.kill(process.pid, 'SIGTERM'), 1000).unref();
  return () => clearInterval(timer);
}
