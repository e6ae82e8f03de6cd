import { randomUUID } from 'node:crypto';
import { WattrunError } from '../../../shared/contract/errors.ts';
import { type AlertLogEntry, alertEntryDefaults } from '../../../shared/model/alert.ts';
import type {
  Destination,
  DestinationInput,
  DestinationSecrets,
  DestinationTest,
} from '../../../shared/model/destination.ts';
import { secondsFromMs } from '../../../shared/units.ts';
import type { Clock } from '../../clock/clock.ts';
import type { OutboxMessage, Store, StoredDestination } from '../../store/store.ts';
import { alertMessage, type MessageKind } from './alert-message.ts';
import { commandProblem } from './deliver-command.ts';
import type { Deliver } from './delivery.ts';
import { createOutboxSender, type OutboxSender } from './outbox-sender.ts';
import type { SecretFile, Secrets } from './secret-file.ts';

export interface DestinationBookOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly secrets: SecretFile;
  readonly deliver: Deliver;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly machineName: () => string;
  readonly runName: (runId: string) => string;
  readonly onChanged: () => void;
  readonly log: (message: string) => void;
}

/** Where alerts are sent, and the sending. */
export interface DestinationBook {
  list(): readonly Destination[];
  put(input: DestinationInput): Destination;
  remove(id: string): void;
  confirm(id: string): Destination;
  /** Sends a test at once, past what waits. */
  test(id: string): Promise<DestinationTest>;
  /** What is to be written with an alert so that it reaches these destinations; not before `notBeforeMs`, where it tells people. */
  messagesFor(entry: AlertLogEntry, what: MessageKind, to: MessageTo): readonly OutboxMessage[];
  readonly sender: OutboxSender;
}

export interface MessageTo {
  readonly destinationIds: readonly string[];
  readonly notBeforeMs: number;
  /** Which of them: those that tell people, those that act, or both. */
  readonly audience: 'people' | 'commands' | 'all';
}

export function createDestinationBook(options: DestinationBookOptions): DestinationBook {
  const { store, clock, secrets } = options;
  let stored: readonly StoredDestination[] = store.listDestinations();
  const sender = createOutboxSender({
    store,
    clock,
    secrets,
    destinations: () => stored,
    deliver: options.deliver,
    environment: options.environment,
    random: Math.random,
    onTried: options.onChanged,
    log: options.log,
  });

  function byId(id: string): StoredDestination {
    const found = stored.find((one) => one.id === id);
    if (found === undefined)
      throw new WattrunError(
        'alerts/not-found',
        `There is no destination ${id}.`,
        'List them with: wattrun alerts destinations list',
      );
    return found;
  }

  function described(destination: StoredDestination): Destination {
    const known = secrets.read(destination.id);
    const { waiting, lastDeliveredMs, head } = store.outboxStand(destination.id);
    return {
      ...destination,
      address: addressOf(destination, known),
      isSigned: known.signingSecret !== undefined,
      hasPassword: known.password !== undefined,
      status: {
        waiting,
        lastDeliveredAtMs: lastDeliveredMs,
        lastError: head?.error ?? null,
        nextTryAtMs: head === null || head.attempts === 0 ? null : head.nextMs,
      },
    };
  }

  function save(destination: StoredDestination): Destination {
    store.putDestination(destination);
    stored = stored.some((one) => one.id === destination.id)
      ? stored.map((one) => (one.id === destination.id ? destination : one))
      : [...stored, destination];
    sender.wake();
    options.onChanged();
    return described(destination);
  }

  const messageContext = (entry: AlertLogEntry, deliveryId: string) => ({
    deliveryId,
    machine: options.machineName(),
    runNames: entry.runIds.map(options.runName),
  });

  return {
    sender,
    list: () => stored.map(described),
    put(input) {
      const before = input.id == null ? null : byId(input.id);
      const id = before?.id ?? randomUUID().slice(0, 8);
      const { config } = input;
      const known = merged(before === null ? {} : secrets.read(id), input.secrets ?? {});
      checkInput(input, known);
      secrets.write(id, known);
      const isSame = before !== null && JSON.stringify(before.config) === JSON.stringify(config);
      return save({
        id,
        config,
        name: input.name,
        isEnabled: input.isEnabled,
        isTellingCleared: input.isTellingCleared ?? before?.isTellingCleared ?? config.kind !== 'command',
        // Another command is another program: it is confirmed anew.
        isConfirmed: config.kind !== 'command' || (isSame && before.isConfirmed),
      });
    },
    remove(id) {
      byId(id);
      store.removeDestination(id);
      secrets.write(id, null);
      stored = stored.filter((one) => one.id !== id);
      options.onChanged();
    },
    confirm: (id) => save({ ...byId(id), isConfirmed: true }),
    async test(id) {
      const destination = byId(id);
      const beganMs = clock.monotonicMs();
      const message = alertMessage(testEntry(clock.unixMs()), 'test', {
        deliveryId: randomUUID(),
        machine: options.machineName(),
        runNames: [],
      });
      const result = await options.deliver(message, {
        destination,
        secrets: secrets.read(id),
        unixMs: clock.unixMs(),
        environment: options.environment,
        signal: AbortSignal.timeout(longestTestMs),
      });
      return {
        isDelivered: result.kind === 'delivered',
        error: result.kind === 'delivered' ? null : result.error,
        tookSeconds: secondsFromMs(clock.monotonicMs() - beganMs),
      };
    },
    messagesFor(entry, what, { destinationIds, notBeforeMs, audience }) {
      const nowMs = clock.unixMs();
      return stored
        .filter(
          (one) => destinationIds.includes(one.id) && one.isEnabled && (what !== 'cleared' || one.isTellingCleared),
        )
        .filter(({ config }) => audience === 'all' || (config.kind === 'command') === (audience === 'commands'))
        .map((destination): OutboxMessage => {
          const id = `${entry.id}.${what}.${destination.id}`;
          return {
            id,
            alertId: entry.id,
            destinationId: destination.id,
            destinationName: destination.name,
            what,
            payload: JSON.stringify(alertMessage(entry, what, messageContext(entry, id))),
            madeMs: nowMs,
            nextMs: destination.config.kind === 'command' ? nowMs : Math.max(nowMs, notBeforeMs),
          };
        });
    },
  };
}

const longestTestMs = 12_000;

/** What is absent stays, null goes. */
function merged(before: Secrets, given: DestinationSecrets): Secrets {
  const pick = (key: keyof Secrets): Partial<Secrets> => {
    const value = given[key] === undefined ? before[key] : given[key];
    return value == null || value === '' ? {} : { [key]: value };
  };
  return { ...pick('url'), ...pick('signingSecret'), ...pick('password') };
}

function checkInput({ config }: DestinationInput, known: Secrets): void {
  const refuse = (message: string): never => {
    throw new WattrunError('alerts/invalid', message);
  };
  if (config.kind === 'webhook') {
    if (known.url === undefined) refuse('A webhook needs its address.');
    const isTopicMissing =
      config.template === 'ntfy' && new URL(known.url ?? 'http://x').pathname.replaceAll('/', '') === '';
    if (isTopicMissing) refuse('The address of an ntfy destination ends in its topic: https://ntfy.sh/my-topic.');
  }
  if (config.kind === 'command') {
    const problem = commandProblem(config.argv);
    if (problem !== null) refuse(problem);
  }
}

/** Without what opens it to others: a webhook's path is a password. */
function addressOf({ config }: StoredDestination, known: Secrets): string {
  switch (config.kind) {
    case 'webhook':
      return known.url === undefined ? '' : `${new URL(known.url).origin}/…`;
    case 'email':
      return config.to.join(', ');
    case 'command':
      return config.argv.join(' ');
  }
}

const testEntry = (unixMs: number): AlertLogEntry => ({
  ...alertEntryDefaults,
  id: randomUUID(),
  ruleId: '',
  ruleName: 'Wattrun',
  level: 'note',
  scopeLabel: 'This destination works',
  firedAtMs: unixMs,
  clearedAtMs: unixMs,
  valueWatts: null,
  peakWatts: null,
  limitWatts: null,
  runIds: [],
  isTest: true,
  isAcknowledged: false,
  deliveries: [],
  kind: '',
  unit: '',
});
