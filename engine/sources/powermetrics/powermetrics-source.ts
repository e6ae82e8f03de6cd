import type { Domain } from '../../../shared/model/domain.ts';
import { domainDefaults } from '../../../shared/model/domain.ts';
import type { Remedy } from '../../../shared/model/sensors.ts';
import {
  type Coverage,
  type ProbeResult,
  type SensorError,
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unavailable,
  unknownValues,
} from '../source.ts';
import { createToolStream } from '../tool-stream.ts';
import { withTimeout } from '../with-timeout.ts';
import { createPlistSplitter, type PowermetricsSample, parsePowermetricsPlist } from './parse-powermetrics.ts';

/** What differs from machine to machine; tests bring their own. */
export interface PowermetricsHost {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly powermetricsPath: string;
  readonly sudoPath: string;
  readonly probeTimeoutMs: number;
}

const localHost: PowermetricsHost = {
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  powermetricsPath: '/usr/bin/powermetrics',
  sudoPath: '/usr/bin/sudo',
  probeTimeoutMs: 6000,
};

/** Always these, word for word: the sudoers line of the remedy allows no others, and `-o FILE` would write anywhere as root. */
const tool = ['--samplers', 'cpu_power,gpu_power', '-f', 'plist', '-i', '1000', '-b', '1'] as const;
const silenceMs = 8000;
const staleMs = 4000;

/** Apple states no error; its numbers come from a model of the chip. By judgement. */
const modelError: SensorError = { lowRatio: 0.8, highRatio: 1.25, offsetWatts: 0.5 };

const sudoersFile = '/etc/sudoers.d/wattrun-powermetrics';
const remedies: readonly Remedy[] = [
  {
    command: `printf '%s ALL=(root) NOPASSWD: /usr/bin/powermetrics ${tool.join(' ').replace(',', '\\\\,')}\\n' "$(id -un)" | sudo tee ${sudoersFile} && sudo chmod 0440 ${sudoersFile} && sudo visudo -cf ${sudoersFile}`,
    effect: 'for good: this one command without a password, for you alone',
  },
];

export function createPowermetricsDefinition(host: PowermetricsHost = localHost): SourceDefinition {
  return {
    descriptor: {
      id: 'powermetrics',
      label: 'powermetrics',
      measures: 'CPU and GPU of an Apple chip, by the model that is built into it',
      provenance: 'model',
      sameNumberCommand: 'sudo powermetrics --samplers cpu_power,gpu_power -i 1000 -n 1',
    },
    probe: (context) => probe(host, context),
  };
}

export const powermetricsSource: SourceDefinition = createPowermetricsDefinition();

async function probe(host: PowermetricsHost, context: SourceContext): Promise<ProbeResult> {
  if (host.platform !== 'darwin') return unavailable('powermetrics is a tool of macOS; this is another system.');
  const source = createPowermetricsSource(host, context);
  const answer = await withTimeout(source.first, host.probeTimeoutMs);
  if (answer !== 'timeout' && answer.kind === 'sample')
    return {
      kind: 'available',
      covers: coversOf(answer.sample),
      how: host.isRoot ? host.powermetricsPath : `sudo -n ${host.powermetricsPath}`,
      open: async () => source,
    };
  await source.close();
  if (answer === 'timeout') return unavailable('powermetrics gave no sample in time.');
  if (!host.isRoot && /password is required|not allowed|may not run|not in the sudoers/i.test(answer.reason))
    return unavailable('powermetrics is there, but only root may run it.', remedies);
  return unavailable(`powermetrics gives no reading: ${answer.reason}.`);
}

const coversOf = (sample: PowermetricsSample): readonly Coverage[] => [
  ...(sample.cpuWatts === null ? [] : (['cpu'] as const)),
  ...(sample.gpuWatts === null ? [] : (['apple-gpu'] as const)),
];

type FirstAnswer =
  | { readonly kind: 'sample'; readonly sample: PowermetricsSample }
  | { readonly kind: 'none'; readonly reason: string };

interface PowermetricsSource extends Source {
  readonly first: Promise<FirstAnswer>;
}

const cpuDomain: Domain = {
  ...domainDefaults,
  id: 'cpu:0',
  kind: 'cpu',
  name: 'CPU',
  label: 'CPU',
  index: 0,
  source: 'powermetrics',
  provenance: 'model',
};
const gpuDomain: Domain = {
  ...cpuDomain,
  id: 'gpu:apple',
  kind: 'gpu',
  name: 'Apple GPU',
  label: 'GPU 0',
  // Apple does not tell which process the GPU works for in these samplers.
  cannotBeSplit: 'macOS does not tell who uses the GPU',
};

function createPowermetricsSource(host: PowermetricsHost, context: SourceContext): PowermetricsSource {
  const { clock } = context;
  let domains: readonly Domain[] = [];
  let waiting: SourceReading[] = [];
  let lastSampleMs = clock.monotonicMs();
  let answer: (first: FirstAnswer) => void = () => {};
  const first = new Promise<FirstAnswer>((resolve) => {
    answer = resolve;
  });

  function receive(sample: PowermetricsSample): void {
    const atMs = clock.monotonicMs();
    lastSampleMs = atMs;
    const readings = readingsOf(sample, atMs);
    if (domains.length === 0) domains = readings.map((reading) => reading.domain);
    const known = new Set(domains.map((domain) => domain.id));
    waiting.push(...readings.filter((reading) => known.has(reading.domain.id)));
    answer({ kind: 'sample', sample });
  }

  let isHeard = false;
  const onPlist = (text: string): void => {
    const sample = parsePowermetricsPlist(text);
    if (sample === null) return;
    isHeard = true;
    receive(sample);
  };
  let split = createPlistSplitter(onPlist);
  const stream = createToolStream({
    command: host.isRoot ? host.powermetricsPath : host.sudoPath,
    args: host.isRoot ? tool : ['-n', host.powermetricsPath, ...tool],
    clock,
    silenceMs,
    onStart: () => {
      split = createPlistSplitter(onPlist);
    },
    onText: (text) => {
      isHeard = false;
      split(text);
      return isHeard;
    },
    onEnd: (reason) => answer({ kind: 'none', reason }),
    log: context.log,
  });

  return {
    first,
    domains: () => domains,
    async read() {
      const fresh = waiting;
      waiting = [];
      const nowMs = clock.monotonicMs();
      if (fresh.length > 0 || nowMs - lastSampleMs <= staleMs) return fresh;
      const note = stream.trouble() ?? 'powermetrics has given no sample for a while.';
      return domains.map((domain) => ({
        domain,
        ...unknownValues,
        atMs: nowMs,
        error: modelError,
        missing: { reason: 'no-reading', note },
      }));
    },
    async close() {
      stream.close();
    },
  };
}

function readingsOf(sample: PowermetricsSample, atMs: number): readonly SourceReading[] {
  const reading = (domain: Domain, powerWatts: number): SourceReading => ({
    domain,
    ...unknownValues,
    atMs,
    powerWatts,
    powerWindowSeconds: sample.elapsedSeconds ?? 1,
    error: modelError,
  });
  return [
    ...(sample.cpuWatts === null ? [] : [reading(cpuDomain, sample.cpuWatts)]),
    ...(sample.gpuWatts === null ? [] : [reading(gpuDomain, sample.gpuWatts)]),
  ];
}
