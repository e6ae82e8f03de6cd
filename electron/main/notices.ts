import { Notification } from 'electron';
import type { Client } from '../../shared/contract/client.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import type { AlertLogEntry } from '../../shared/model/alert.ts';
import type { LiveRun } from '../../shared/model/live.ts';
import { alertText, endedRunText, type NotificationText } from './notification-text.ts';
import type { Speech } from './speech.ts';

export interface NoticesOptions {
  readonly engine: Client<EngineContract>;
  readonly speech: () => Speech;
  readonly runs: () => readonly LiveRun[];
  readonly onShow: (path: string) => void;
  readonly log: (message: string) => void;
}

interface Action {
  readonly text: string;
  readonly act: () => void;
}

const snoozeSeconds = 60 * 60;
const mostKept = 50;

/** Tells the desktop of alerts and ended runs, once each, unless the settings say not to. */
export function createNotices(options: NoticesOptions): { show(text: NotificationText, path: string): void } {
  const { engine, log } = options;
  const sinceMs = Date.now();
  const told = new Set<string>();
  // A notification that nothing holds may be collected, and its click with it.
  const kept = new Set<Notification>();
  const failed = (error: unknown): void => log(`notifications: ${String(error)}`);

  function show(text: NotificationText, path: string, actions: readonly Action[] = []): void {
    if (!Notification.isSupported()) return;
    const notification = new Notification({
      ...text,
      actions: actions.map((action) => ({ type: 'button', text: action.text })),
    });
    kept.add(notification);
    for (const oldest of kept) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
    notification.on('click', () => options.onShow(path));
    // The second argument is what older versions of Electron tell.
    notification.on('action', (details, index: number) => actions[details.actionIndex ?? index]?.act());
    notification.on('close', () => kept.delete(notification));
    notification.show();
  }

  /** True once a key, where notifications are wanted. */
  async function isDue(key: string): Promise<boolean> {
    if (told.has(key)) return false;
    told.add(key);
    return (await engine.request('settings.read', {})).isNotifying;
  }

  async function tellOfAlert(entry: AlertLogEntry): Promise<void> {
    // A run that finished or failed has a notification of its own.
    const isToldAsRun = entry.kind === 'run-ended' && /^(finished|failed)/.test(entry.outcome ?? '');
    if (!entry.isNotifying || isToldAsRun || !(await isDue(`alert ${entry.id}`))) return;
    const snooze = (): void => {
      engine.request('alerts.snooze', { ruleId: entry.ruleId, seconds: snoozeSeconds }).catch(failed);
    };
    const speech = options.speech();
    const { words } = speech;
    show(alertText(entry, options.runs(), speech), '/alerts', [
      { text: words.show, act: () => options.onShow('/alerts') },
      { text: words.snooze, act: snooze },
    ]);
    // The log says whom the desktop was asked to tell.
    const told = { alertId: entry.id, to: 'notification', isDelivered: Notification.isSupported() };
    await engine.request('alerts.told', told);
  }

  async function tellOfRun(runId: string): Promise<void> {
    const report = await engine.request('runs.read', { runId });
    const { status, endedAt } = report.run;
    const hasEndedNow = endedAt !== null && Date.parse(endedAt) >= sinceMs;
    if (!hasEndedNow || (status !== 'finished' && status !== 'failed')) return;
    if (!(await isDue(`run ${runId}`))) return;
    const path = `/runs/${encodeURIComponent(runId)}`;
    const speech = options.speech();
    const { words } = speech;
    show(endedRunText(report, speech), path, [
      { text: words.showRun, act: () => options.onShow(path) },
      { text: words.compare, act: () => options.onShow(`/compare/${encodeURIComponent(runId)}`) },
    ]);
  }

  engine.on('alerts.fired', (entry) => void tellOfAlert(entry).catch(failed));
  engine.on('runs.changed', ({ runIds }) => {
    for (const runId of runIds) if (!told.has(`run ${runId}`)) tellOfRun(runId).catch(failed);
  });
  return { show };
}
