import type { SQLInputValue } from 'node:sqlite';
import { z } from 'zod';
import { destinationConfigSchema } from '../../shared/model/destination.ts';
import type { Rows } from './rows.ts';
import type { OutboxMessage, OutboxRow, Store, StoredDestination } from './store.ts';

type DestinationQueries = Pick<
  Store,
  | 'listDestinations'
  | 'putDestination'
  | 'removeDestination'
  | 'nextMessage'
  | 'releaseHeld'
  | 'noteTry'
  | 'messagesOf'
  | 'outboxStand'
>;

const storedSchema = z.object({
  id: z.string(),
  name: z.string(),
  config: destinationConfigSchema,
  isEnabled: z.boolean(),
  isTellingCleared: z.boolean(),
  isConfirmed: z.boolean(),
});

const rowSchema = z
  .object({
    id: z.string(),
    alert: z.string(),
    destination: z.string(),
    name: z.string(),
    what: z.enum(['fired', 'cleared', 'test']),
    payload: z.string(),
    made_ms: z.number(),
    next_ms: z.number(),
    attempts: z.number(),
    state: z.enum(['waiting', 'delivered', 'failed']),
    tried_ms: z.number().nullable(),
    error: z.string().nullable(),
  })
  .transform(
    (row): OutboxRow => ({
      id: row.id,
      alertId: row.alert,
      destinationId: row.destination,
      destinationName: row.name,
      what: row.what,
      payload: row.payload,
      madeMs: row.made_ms,
      nextMs: row.next_ms,
      attempts: row.attempts,
      state: row.state,
      triedMs: row.tried_ms,
      error: row.error,
    }),
  );

/** Settled messages that are kept beyond those that wait: what the log can show of deliveries. */
const mostSettled = 20_000;

/** Where alerts are sent, and what is on its way there. */
export function createDestinationQueries(rows: Rows): DestinationQueries {
  const { database } = rows;
  const read = (sql: string, ...values: SQLInputValue[]): OutboxRow | null => {
    const row = database.prepare(sql).get(...values);
    return row === undefined ? null : rowSchema.parse(row);
  };
  // What is held until a time has not been tried: what is not held may pass it. What failed blocks all that came after it.
  const nextMessage = (destinationId: string, nowMs: number): OutboxRow | null =>
    read(
      "SELECT * FROM alert_outbox WHERE destination = ? AND state = 'waiting' ORDER BY attempts = 0 AND next_ms > ?, number LIMIT 1",
      destinationId,
      nowMs,
    );
  return {
    nextMessage,
    listDestinations: () =>
      database
        .prepare('SELECT json FROM alert_destinations ORDER BY rowid')
        .all()
        .map((row): StoredDestination => storedSchema.parse(JSON.parse(String(row.json)))),
    putDestination(destination) {
      rows.inTransaction(() =>
        database
          .prepare(
            'INSERT INTO alert_destinations (id, json) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json',
          )
          .run(destination.id, JSON.stringify(destination)),
      );
    },
    removeDestination(id) {
      rows.inTransaction(() => {
        database.prepare('DELETE FROM alert_destinations WHERE id = ?').run(id);
        database
          .prepare(
            "UPDATE alert_outbox SET state = 'failed', error = 'The destination was removed.' WHERE destination = ? AND state = 'waiting'",
          )
          .run(id);
      });
    },
    releaseHeld(nowMs) {
      rows.inTransaction(() =>
        database
          .prepare("UPDATE alert_outbox SET next_ms = ?1 WHERE state = 'waiting' AND attempts = 0 AND next_ms > ?1")
          .run(Math.round(nowMs)),
      );
    },
    noteTry(id, { state, triedMs, nextMs, error }) {
      rows.inTransaction(() => {
        database
          .prepare(
            'UPDATE alert_outbox SET state = ?, tried_ms = ?, next_ms = ?, error = ?, attempts = attempts + 1 WHERE id = ?',
          )
          .run(state, Math.round(triedMs), Math.round(nextMs), error, id);
        if (state !== 'waiting')
          database
            .prepare(
              "DELETE FROM alert_outbox WHERE state <> 'waiting' AND number < (SELECT max(number) FROM alert_outbox) - ?",
            )
            .run(mostSettled);
      });
    },
    messagesOf(alertIds) {
      const statement = database.prepare('SELECT * FROM alert_outbox WHERE alert = ? ORDER BY number');
      return alertIds.flatMap((id) => statement.all(id).map((row) => rowSchema.parse(row)));
    },
    outboxStand(destinationId) {
      const counts = database
        .prepare(
          `SELECT (SELECT count(*) FROM alert_outbox WHERE destination = ?1 AND state = 'waiting') AS waiting,
                  (SELECT max(tried_ms) FROM alert_outbox WHERE destination = ?1 AND state = 'delivered') AS delivered`,
        )
        .get(destinationId);
      return {
        waiting: Number(counts?.waiting ?? 0),
        lastDeliveredMs: typeof counts?.delivered === 'number' ? counts.delivered : null,
        head: nextMessage(destinationId, Number.MAX_SAFE_INTEGER),
      };
    },
  };
}

/** Within the transaction of the alert that they tell of. */
export function insertMessages({ database }: Rows, messages: readonly OutboxMessage[]): void {
  const statement = database.prepare(
    `INSERT INTO alert_outbox (id, alert, destination, name, what, payload, made_ms, next_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO NOTHING`,
  );
  for (const message of messages)
    statement.run(
      message.id,
      message.alertId,
      message.destinationId,
      message.destinationName,
      message.what,
      message.payload,
      Math.round(message.madeMs),
      Math.round(message.nextMs),
    );
}
