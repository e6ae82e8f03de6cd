import './zod-without-eval.ts';
import { keepLastView } from './app/last-view.ts';
import { renderApp } from './app/render-app.tsx';
import { keepPrintable } from './charts/printing.ts';
import { connectEngine, connectHost, type EngineConnection } from './connection/engine-connection.ts';
import { openWebSocketTransport, transportOverPipe, webSocketUrl } from './connection/transports.ts';
import './design/styles.css';

function connect(): EngineConnection {
  const pipe = window.wattrun;
  if (pipe === undefined) {
    const url = webSocketUrl(location.origin);
    return connectEngine({ open: (signal) => openWebSocketTransport(url, signal), host: null });
  }
  return connectEngine({
    open: () => Promise.resolve(transportOverPipe(pipe)),
    host: connectHost(transportOverPipe(pipe)),
  });
}

keepLastView();
keepPrintable();
void renderApp(connect());
