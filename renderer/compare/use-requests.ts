import { useEffect, useMemo, useRef, useState } from 'react';
import type { Payload, RequestName, Result } from '../../shared/contract/contract.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import type { WattrunError } from '../../shared/contract/errors.ts';
import { useEngine, useEngineState } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';

export interface Answered<T> {
  readonly data: T | null;
  readonly error: WattrunError | null;
}

/**
 * One request of the same name for each payload, in their order; null until one is answered. All are asked again when a payload,
 * `turn` or the engine changes; the last good answer of the same key stays in between, so that nothing on screen comes and goes.
 */
export function useRequests<K extends RequestName<EngineContract>>(
  name: K,
  payloads: readonly Payload<EngineContract, K>[],
  { keys, turn = 0 }: { readonly keys: readonly string[]; readonly turn?: number },
): readonly (Answered<Result<EngineContract, K>> | null)[] {
  const { request, client } = useEngine();
  const epoch = useEngineState((state) => state.epoch);
  const [answers, setAnswers] = useState<ReadonlyMap<string, Answered<Result<EngineContract, K>>>>(new Map());
  const latest = useRef({ payloads, keys });
  latest.current = { payloads, keys };
  const keysText = JSON.stringify(keys);
  const payloadsText = JSON.stringify(payloads);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the payloads' text, the engine's epoch and the turn are what it follows
  useEffect(() => {
    if (client === null) return;
    let isCurrent = true;
    const asked = latest.current.payloads.map((payload, index) => ({ key: latest.current.keys[index] ?? '', payload }));
    const wanted = new Set(latest.current.keys);
    const take = (
      key: string,
      next: (before: Answered<Result<EngineContract, K>> | undefined) => Answered<Result<EngineContract, K>>,
    ): void => {
      if (!isCurrent) return;
      setAnswers((all) => {
        const kept = [...all].filter(([each]) => wanted.has(each));
        return new Map([...kept, [key, next(all.get(key))]]);
      });
    };
    for (const { key, payload } of asked)
      request(name, payload).then(
        (data) => take(key, () => ({ data, error: null })),
        (error: unknown) => take(key, (before) => ({ data: before?.data ?? null, error: wattrunError(error) })),
      );
    return () => {
      isCurrent = false;
    };
  }, [request, client, name, keysText, payloadsText, epoch, turn]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys' text stands for the keys
  return useMemo(() => latest.current.keys.map((key) => answers.get(key) ?? null), [answers, keysText]);
}
