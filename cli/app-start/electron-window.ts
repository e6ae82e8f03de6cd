import { type ChildProcess, spawn } from 'node:child_process';
import { secondsFromMs } from '../../shared/units.ts';
import { endOf, exitCodeOf } from '../child-end.ts';
import { forwardSignals } from '../forward-signals.ts';
import { fetchElectron, findElectron } from './electron-binary.ts';
import { type Desktop, earlyDeath, fetchLimitSeconds, knownObstacle, type Obstacle } from './start-decision.ts';

export interface WindowOptions extends Desktop {
  /** The project's folder, whose package.json names the app's main file. */
  readonly root: string;
  readonly say: (text: string) => void;
}

/**
 * The app in its own window, until that ends; Electron is fetched where it is missing. Signals end what runs at that moment, the download or the window.
 * Gives what is in the way, or the exit code of a window that was open or of a start that was broken off.
 */
export async function openElectronWindow(options: WindowOptions): Promise<Obstacle | number> {
  const { root, environment, say } = options;
  const known = knownObstacle(options);
  if (known !== null) return known;
  const find = () => findElectron(root, environment.ELECTRON_OVERRIDE_DIST_PATH);
  const electron = find();
  if (electron === null) return { kind: 'not-installed' };
  const end = createEndWatch();
  try {
    const isInstalled = (): boolean => find()?.executable != null;
    const limitSeconds = fetchLimitSeconds(environment);
    const obstacle =
      electron.executable === null
        ? await fetchElectron(electron.folder, { limitSeconds, isInstalled, onChild: end.follow })
        : null;
    const signal = end.asked();
    if (signal !== null) return exitCodeOf({ code: null, signal });
    if (obstacle !== null) return obstacle;
    const startedMs = performance.now();
    const child = spawn(find()?.executable ?? '', [root], { stdio: 'inherit' });
    child.once('error', (error) => say(error.message));
    end.follow(child);
    const ended = await endOf(child);
    const aliveSeconds = secondsFromMs(performance.now() - startedMs);
    return earlyDeath({ ...ended, aliveSeconds, wasAsked: end.asked() !== null }) ?? exitCodeOf(ended);
  } finally {
    end.close();
  }
}

interface EndWatch {
  /** Signals go to this child from now on. */
  follow(child: ChildProcess): void;
  /** The signal that asked for the end, if one has. */
  asked(): NodeJS.Signals | null;
  close(): void;
}

function createEndWatch(): EndWatch {
  let asked: NodeJS.Signals | null = null;
  let stopForwarding = (): void => {};
  const listen = (signal: NodeJS.Signals): void => {
    asked ??= signal;
  };
  const ends = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
  for (const signal of ends) process.on(signal, listen);
  return {
    follow(child) {
      stopForwarding();
      stopForwarding = forwardSignals(child);
    },
    asked: () => asked,
    close() {
      stopForwarding();
      for (const signal of ends) process.off(signal, listen);
    },
  };
}
