import type { EngineDescription } from '../../shared/contract/engine-contract.ts';
import { defaultSettings } from '../../shared/model/settings.ts';
import type { EngineRequest } from '../connection/connection-context.tsx';
import { liveStateAt } from '../dev/fake-live.ts';
import { fakeSources } from '../dev/fake-sensors.ts';
import { runSummary } from '../runs/run-fixtures.ts';
import type { CommandContext } from './command.ts';

const startMs = 1_700_000_000_000;

export const exampleDescription: EngineDescription = {
  version: '0.1.0',
  pid: 1,
  hostName: 'hgx-07',
  machine: 'Linux',
  hardware: '8 × H100',
  dataDirectory: '/data',
  startedAtMs: startMs,
  isSimulated: false,
  canDemo: true,
};

/** A machine that trains, with an alert that fires and runs on record, for tests. Says what was asked and shown. */
export function exampleContext(changes: Partial<CommandContext> = {}): CommandContext & { readonly told: string[] } {
  const told: string[] = [];
  const request = (async (name: string, payload: unknown) => {
    told.push(`${name} ${JSON.stringify(payload)}`);
    return name === 'sensors.check' ? { sources: fakeSources(startMs) } : {};
  }) as EngineRequest;
  return {
    told,
    route: { page: 'live', view: 'overview' },
    isConnected: true,
    description: exampleDescription,
    live: liveStateAt({ startMs }, startMs, { scenario: 'training' }),
    settings: defaultSettings,
    runs: Array.from({ length: 7 }, (_, index) => runSummary({ id: `a${index}`, name: `run-${index}` })),
    selectedRunIds: [],
    rules: [],
    formats: [{ id: 'csv', label: 'CSV, one row a run', extension: 'csv', mimeType: 'text/csv' }],
    sources: fakeSources(startMs),
    host: null,
    locale: 'en',
    isWide: true,
    words: (key, values) => `${key}${values === undefined ? '' : ` ${Object.values(values).join(' ')}`}`,
    request,
    copyText: async (text) => void told.push(`copied ${text}`),
    startExport: (format) => void told.push(`export ${format}`),
    showNotice: (text) => void told.push(`notice ${text}`),
    ask: (question) => void told.push(`ask ${question.kind}`),
    openMini: () => void told.push('mini'),
    ...changes,
  };
}
