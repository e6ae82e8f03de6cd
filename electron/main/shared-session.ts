import { createEmitter, type Transport } from '../../shared/contract/transport.ts';
import { type WireMessage, wireMessageSchema } from '../../shared/contract/wire.ts';

/**
 * One session with the engine for two users: a page, and the main process on behalf of that page, which so sees the same engine, real or simulated.
 * The main process's requests travel under negative ids, that no page can use.
 */
export function shareSession(session: Transport): { readonly page: Transport; readonly own: Transport } {
  const toPage = createEmitter<unknown>();
  const toOwn = createEmitter<unknown>();
  session.onMessage((message) => {
    const { kind, id } = message as WireMessage & { id?: number };
    if (kind === 'event') {
      toPage.emit(message);
      toOwn.emit(message);
    } else if (id !== undefined && id < 0) toOwn.emit({ ...(message as object), id: -id });
    else toPage.emit(message);
  });
  return {
    page: {
      send(message) {
        const parsed = wireMessageSchema.safeParse(message);
        if (parsed.success && parsed.data.kind === 'request' && parsed.data.id > 0) session.send(parsed.data);
      },
      onMessage: toPage.on,
      onClose: session.onClose,
      close: session.close,
    },
    own: {
      send(message) {
        const parsed = wireMessageSchema.parse(message);
        if (parsed.kind === 'request') session.send({ ...parsed, id: -parsed.id });
      },
      onMessage: toOwn.on,
      onClose: session.onClose,
      close: session.close,
    },
  };
}
