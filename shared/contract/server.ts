import type { Contract, EventName, EventPayload, Handlers, RequestName } from './contract.ts';
import { WattrunError, wireErrorFrom } from './errors.ts';
import type { Transport } from './transport.ts';
import { type WireMessage, wireMessageSchema } from './wire.ts';

export interface Session<C extends Contract> {
  emit<K extends EventName<C>>(name: K, payload: EventPayload<C, K>): void;
  close(): void;
}

export interface ServeOptions<C extends Contract> {
  readonly contract: C;
  readonly handlers: Handlers<C>;
  readonly transport: Transport;
  /** Told of every error that is a bug, before the wire says only 'internal'. */
  readonly onBug: (error: unknown, requestName: string) => void;
}

/** Answers a contract's requests over one transport. Payloads are parsed before a handler sees them, results before they leave. */
export function serveContract<C extends Contract>(options: ServeOptions<C>): Session<C> {
  const { contract, handlers, transport, onBug } = options;
  const post = (message: WireMessage): void => transport.send(message);

  async function answer(name: string, payload: unknown): Promise<unknown> {
    const definition = Object.hasOwn(contract.requests, name) ? contract.requests[name] : undefined;
    if (definition === undefined) throw new WattrunError('contract/unknown', `There is no request named ${name}.`);
    const parsed = definition.payload.safeParse(payload);
    if (!parsed.success) throw new WattrunError('contract/invalid', `${name}: ${issueText(parsed.error)}`);
    const handler = handlers[name as RequestName<C>] as (payload: unknown) => unknown;
    return definition.result.parse(await handler(parsed.data));
  }

  const unsubscribe = transport.onMessage((raw) => {
    const message = wireMessageSchema.safeParse(raw);
    if (!message.success || message.data.kind !== 'request' || message.data.contract !== contract.name) return;
    const { id, name, payload } = message.data;
    answer(name, payload).then(
      (result) => post({ kind: 'result', contract: contract.name, id, result }),
      (error: unknown) => {
        if (!(error instanceof WattrunError)) onBug(error, name);
        post({ kind: 'error', contract: contract.name, id, error: wireErrorFrom(error) });
      },
    );
  });

  return {
    emit: (name, payload) => post({ kind: 'event', contract: contract.name, name, payload }),
    close: unsubscribe,
  };
}

function issueText(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): string {
  return error.issues.map((issue) => `${issue.path.map(String).join('.') || 'payload'}: ${issue.message}`).join('; ');
}
