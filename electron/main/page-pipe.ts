import { type IpcMainEvent, ipcMain, type WebContents } from 'electron';
import { createEmitter, type Transport } from '../../shared/contract/transport.ts';
import { type WireMessage, wireMessageSchema } from '../../shared/contract/wire.ts';
import { pipeChannels } from '../preload/channels.ts';
import { isOwnPage } from './page-address.ts';

export interface PagePipeOptions {
  readonly pageUrl: string;
  /** A document of the app's own opened its end; the transport closes with it. */
  readonly onOpened: (transport: Transport, contents: WebContents) => void;
  readonly log: (message: string) => void;
}

interface Session {
  readonly transport: Transport;
  readonly receive: (message: unknown) => void;
}

const mostCharacters = 1024 * 1024;

/** The pages' ends of the pipe. Whatever does not come from the main frame of the app's own page, or is no message, is refused and logged. */
export function servePages(options: PagePipeOptions): void {
  const sessions = new Map<number, Session>();

  function refuse(event: IpcMainEvent, why: string): void {
    options.log(`refused a message from ${event.senderFrame?.url ?? 'a frame that is gone'}: ${why}`);
  }

  function isOurs(event: IpcMainEvent): boolean {
    const frame = event.senderFrame;
    if (frame !== null && frame.parent === null && isOwnPage(frame.url, options.pageUrl)) return true;
    refuse(event, 'it is not the main frame of the app’s own page');
    return false;
  }

  function open({ sender }: IpcMainEvent): void {
    sessions.get(sender.id)?.transport.close();
    const session = createSession(sender);
    sessions.set(sender.id, session);
    session.transport.onClose(() => {
      if (sessions.get(sender.id) === session) sessions.delete(sender.id);
    });
    options.onOpened(session.transport, sender);
  }

  function receive(event: IpcMainEvent, text: unknown): void {
    const session = sessions.get(event.sender.id);
    const message = readMessage(text);
    if (session === undefined) refuse(event, 'it has no session');
    else if (message.kind === 'refused') refuse(event, message.why);
    else session.receive(message.message);
  }

  ipcMain.on(pipeChannels.opened, (event) => {
    if (isOurs(event)) open(event);
  });
  ipcMain.on(pipeChannels.toHost, (event, text: unknown) => {
    if (isOurs(event)) receive(event, text);
  });
}

function createSession(contents: WebContents): Session {
  const messages = createEmitter<unknown>();
  const closings = createEmitter<void>();
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    contents.removeListener('destroyed', close);
    closings.emit();
  };
  contents.once('destroyed', close);
  return {
    transport: {
      send(message) {
        if (!isClosed && !contents.isDestroyed()) contents.send(pipeChannels.toPage, message);
      },
      onMessage: messages.on,
      onClose: closings.on,
      close,
    },
    receive: messages.emit,
  };
}

type Read =
  | { readonly kind: 'read'; readonly message: WireMessage }
  | { readonly kind: 'refused'; readonly why: string };

function readMessage(text: unknown): Read {
  if (typeof text !== 'string') return { kind: 'refused', why: 'it is no text' };
  if (text.length > mostCharacters) return { kind: 'refused', why: `it has ${text.length} characters` };
  const message = wireMessageSchema.safeParse(parseJson(text));
  return message.success
    ? { kind: 'read', message: message.data }
    : { kind: 'refused', why: 'it is no message of the contract' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
