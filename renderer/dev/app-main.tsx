import '../zod-without-eval.ts';
import { renderApp } from '../app/render-app.tsx';
import { connectEngine } from '../connection/engine-connection.ts';
import '../design/styles.css';
import { openFakeEngine } from './fake-engine.ts';
import type { FakeOptions } from './fake-live.ts';

// ?scenario=training|idle|empty|demo; ?lost=5 loses the engine after so many seconds.
const query = new URLSearchParams(location.search);
const scenarios = ['training', 'idle', 'empty', 'demo'] as const;
const scenario: FakeOptions['scenario'] = scenarios.find((each) => each === query.get('scenario')) ?? 'training';
const lostAfterSeconds = Number(query.get('lost') ?? Number.POSITIVE_INFINITY);
const startMs = performance.now();

const connection = connectEngine({
  host: null,
  open: async () => {
    if (performance.now() - startMs > lostAfterSeconds * 1000) throw new Error('The engine is gone.');
    const transport = openFakeEngine({ scenario });
    if (Number.isFinite(lostAfterSeconds)) setTimeout(() => transport.close(), lostAfterSeconds * 1000);
    return transport;
  },
});

void renderApp(connection);
