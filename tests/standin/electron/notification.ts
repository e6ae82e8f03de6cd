import type { NotificationConstructorOptions } from 'electron';
import { createPreventableEvent, LoudEmitter, loud } from '../host/loud.ts';
import { desktopRecords } from './desktop-records.ts';

/** Shows nothing and keeps itself for tests; a test plays the user with `emit('click')`, `emit('action', {}, 0)`. */
export class Notification extends LoudEmitter {
  title: string;
  body: string;
  silent: boolean;
  readonly subtitle: string;
  readonly urgency: string;
  readonly timeoutType: string;
  readonly actions: readonly { readonly type: string; readonly text?: string }[];
  readonly icon: unknown;

  constructor(options: NotificationConstructorOptions = {}) {
    super('Notification', ['show', 'click', 'close', 'reply', 'action', 'failed']);
    this.title = options.title ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
    this.subtitle = options.subtitle ?? '';
    this.urgency = options.urgency ?? 'normal';
    this.timeoutType = options.timeoutType ?? 'default';
    this.actions = options.actions ?? [];
    this.icon = options.icon;
    // biome-ignore lint/correctness/noConstructorReturn: every use of it has to be a loud one
    return loud('Notification', this);
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    desktopRecords.notifications.push(this);
    setImmediate(() => this.emit('show', createPreventableEvent()));
  }

  close(): void {
    setImmediate(() => this.emit('close', createPreventableEvent()));
  }
}
