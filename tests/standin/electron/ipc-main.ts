import { EventEmitter } from 'node:events';
import { loud } from '../host/loud.ts';
import type { FromPage, ToPage } from '../page/preload-host.ts';
import type { WebContents } from './web-contents.ts';

export interface SenderFrame {
  readonly url: string;
  readonly origin: string;
  readonly parent: null;
  readonly top: SenderFrame;
}

export interface IpcMainEvent {
  readonly type: 'frame';
  readonly sender: WebContents;
  readonly senderFrame: SenderFrame;
  readonly frameId: number;
  readonly processId: number;
  reply(channel: string, ...args: unknown[]): void;
}

type Handler = (event: IpcMainEvent, ...args: unknown[]) => unknown;

class IpcMain extends EventEmitter {
  private readonly handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.handlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel);
      return handler(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }

  /** Like Electron's, forgets the handlers too. */
  override removeAllListeners(channel?: string): this {
    if (channel === undefined) this.handlers.clear();
    else this.handlers.delete(channel);
    return super.removeAllListeners(channel);
  }

  /** Answers an `invoke`; what the handler throws goes to the page as text, which is all that Electron sends of it. */
  async answer(event: IpcMainEvent, message: FromPage & { readonly kind: 'invoke' }): Promise<ToPage> {
    const { id, channel, args } = message;
    try {
      const handler = this.handlers.get(channel);
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      // Cloned here, so that a result that cannot cross is the handler's failure.
      return { kind: 'returned', id, value: structuredClone(await handler(event, ...args)) };
    } catch (error) {
      process.stderr.write(
        `Error occurred in handler for '${channel}': ${error instanceof Error ? error.stack : error}\n`,
      );
      return { kind: 'threw', id, message: String(error) };
    }
  }
}

export const ipcMain = loud('ipcMain', new IpcMain());
