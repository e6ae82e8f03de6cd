// A child of the bench: does one kind of work for ever, and tells its own cost when it is asked.
import { readFileSync } from 'node:fs';
import type { Engine } from '../engine/engine.ts';

export type Work = 'empty loop' | 'engine' | 'engine and one page';

export interface Cost {
  readonly cpuSeconds: number;
  readonly childrenCpuSeconds: number;
  readonly residentBytes: number;
}

/** USER_HZ: what /proc counts in on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** CPU time of children that have ended, such as command-line tools that a source calls; /proc/self/stat, fields 16 and 17. */
function childrenCpuSeconds(): number {
  if (process.platform !== 'linux') return 0;
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
}

function readCost(): Cost {
  const { user, system } = process.cpuUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    childrenCpuSeconds: childrenCpuSeconds(),
    residentBytes: process.memoryUsage.rss(),
  };
}

async function begin(work: Work, path: string): Promise<void> {
  if (work === 'empty loop') return void setInterval(() => undefined, 1000);
  // Loaded only where it is used: the empty loop must be empty.
  const { openLiveEngine } = await import('./simulated-engine.ts');
  const engine = await openLiveEngine(path);
  if (work === 'engine and one page') await serveOnePage(engine);
}

async function serveOnePage(engine: Engine): Promise<void> {
  const { createEngineServer } = await import('../engine/http/engine-server.ts');
  const { createSessionHub } = await import('../engine/http/sessions.ts');
  const { connectWebSocket } = await import('../engine/http/web-socket-transport.ts');
  const log = (message: string): void => console.error(message);
  const hub = createSessionHub({ engine, openDemo: null, log });
  const server = await createEngineServer({
    engine,
    hub,
    log,
    host: '127.0.0.1',
    port: 0,
    version: 'bench',
    uiDirectory: null,
  });
  // The reader is in this process too: what it costs is counted in, so the figure is an upper bound.
  const transport = await connectWebSocket(server.address);
  transport.onMessage(() => undefined);
}

const [, , work = 'empty loop', path = ''] = process.argv;
await begin(work as Work, path);
process.on('message', () => process.send?.(readCost()));
process.send?.('ready');
