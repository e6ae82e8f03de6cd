import { z } from 'zod';
import type { Store } from '../store/store.ts';

const snoozeKey = 'alerts.snoozed';
const schema = z.record(z.string(), z.number()).catch({});

/** Until when rules are snoozed, by id; kept over restarts. */
export const readSnoozes = (store: Pick<Store, 'readLearned'>): Map<string, number> =>
  new Map(Object.entries(schema.parse(store.readLearned(snoozeKey) ?? {})));

export const writeSnoozes = (store: Pick<Store, 'writeLearned'>, snoozes: ReadonlyMap<string, number>): void =>
  store.writeLearned(snoozeKey, Object.fromEntries(snoozes));
