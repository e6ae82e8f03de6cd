import { type EngineAddress, engineAddressSchema } from '../../engine/ownership/ownership.ts';
import { type Started, startCli, temporaryHome, until } from '../integration/cli.ts';
import { prepareWelcomedHome } from '../welcomed-home.ts';

/** A living `wattrun serve` or `wattrun demo` with a data directory of its own. */
export interface Served {
  readonly address: EngineAddress;
  /** The address with its token, as a person would open it. */
  readonly openUrl: string;
  readonly env: Readonly<Record<string, string>>;
  signal(signal: NodeJS.Signals): void;
  /** Killed as by the out-of-memory killer: nothing is closed in order. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly kind: 'serve' | 'demo';
  readonly home?: string;
  readonly port?: number;
  /** True: a new data directory greets its user. */
  readonly isNewcomer?: boolean;
}

const startLimitMs = 30_000;

/** Starts one and resolves when it has said where it is. Its home is removed with it unless it was given. */
export async function startServed(options: ServeOptions): Promise<Served> {
  const own = options.home === undefined ? temporaryHome() : null;
  const env = { WATTRUN_HOME: options.home ?? own?.home ?? '' };
  if (options.isNewcomer !== true) prepareWelcomedHome(env.WATTRUN_HOME);
  const started = startCli([options.kind, '--json', '--port', String(options.port ?? 0)], env);
  const address = await readAddress(started);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    started.child.kill(signal);
    await started.ended;
  };
  return {
    address,
    openUrl: `${address.url}?token=${address.token}`,
    env,
    signal: (signal) => void started.child.kill(signal),
    kill: () => end('SIGKILL'),
    async close() {
      await end('SIGTERM');
      own?.remove();
    },
  };
}

async function readAddress(started: Started): Promise<EngineAddress> {
  const ended = started.ended.then(({ code, stderr }) => {
    throw new Error(`it ended with ${code} before it served: ${stderr}`);
  });
  await Promise.race([until(() => started.stdout().includes('\n'), 'the address of the engine', startLimitMs), ended]);
  return engineAddressSchema.parse(JSON.parse(started.stdout().split('\n')[0] ?? ''));
}
