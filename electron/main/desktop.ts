import { type Client, connectContract } from '../../shared/contract/client.ts';
import { type EngineContract, engineContract } from '../../shared/contract/engine-contract.ts';
import type { LiveState } from '../../shared/model/live.ts';
import { type AppTray, createAppTray, type TrayOptions } from './app-tray.ts';
import type { EngineLink } from './engine-link.ts';
import { createNotices } from './notices.ts';
import { trayText } from './tray-text.ts';

export interface DesktopOptions extends Omit<TrayOptions, 'onRun' | 'onSnooze'> {
  readonly link: EngineLink;
  readonly onShow: (path: string) => void;
  readonly log: (message: string) => void;
}

/** The app outside its window: tray and notifications, on a session of their own that is never simulated. */
export interface Desktop {
  readonly hasTray: boolean;
  /** What the window shows in place of this machine; null: this machine again. */
  simulate(live: LiveState | null): void;
  sayThatItGoesOn(): void;
  /** The language is another one now. */
  speakAnew(): void;
  close(): void;
}

const leastTrayGapMs = 1000;
const snoozeSeconds = 60 * 60;

export function createDesktop(options: DesktopOptions): Desktop {
  const { link, speech, log, onShow } = options;
  const engine: Client<EngineContract> = connectContract(engineContract, link.open());
  let real: LiveState | null = null;
  let simulated: LiveState | null = null;
  let hostName: string | null = null;
  let shownAtMs = Number.NEGATIVE_INFINITY;

  function snooze(): void {
    for (const { ruleId } of real?.alerts ?? [])
      engine.request('alerts.snooze', { ruleId, seconds: snoozeSeconds }).catch((error: unknown) => log(String(error)));
  }

  const tray = tryTray({ ...options, onRun: (id) => onShow(`/runs/${encodeURIComponent(id)}`), onSnooze: snooze }, log);
  const notices = createNotices({ engine, speech, runs: () => real?.runs ?? [], onShow, log });

  function show(): void {
    shownAtMs = performance.now();
    tray?.show(trayText({ isConnected: link.isConnected(), live: simulated ?? real, hostName, speech: speech() }));
  }

  function showSoon(): void {
    if (performance.now() - shownAtMs >= leastTrayGapMs) show();
  }

  engine.on('live.changed', (live) => {
    real = live;
    showSoon();
  });
  async function readHostName(): Promise<void> {
    hostName = (await engine.request('engine.describe', {})).hostName;
    show();
  }

  function follow(isConnected: boolean): void {
    if (!isConnected) real = null;
    show();
    if (isConnected)
      readHostName().catch((error: unknown) => log(`the engine did not describe itself: ${String(error)}`));
  }

  const stopConnection = link.onConnected(follow);
  follow(link.isConnected());

  return {
    hasTray: tray !== null,
    simulate(live) {
      const isSwitch = (live === null) !== (simulated === null);
      simulated = live;
      if (isSwitch) show();
      else showSoon();
    },
    speakAnew: show,
    sayThatItGoesOn() {
      const { words } = speech();
      notices.show({ title: words.goesOnTitle, body: words.goesOnBody }, '/live');
    },
    close() {
      stopConnection();
      engine.close();
      tray?.close();
    },
  };
}

function tryTray(options: TrayOptions, log: (message: string) => void): AppTray | null {
  try {
    return createAppTray(options);
  } catch (error) {
    log(`there is no tray: ${String(error)}`);
    return null;
  }
}
