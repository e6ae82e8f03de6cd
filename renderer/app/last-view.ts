import { recall, remember } from './browser-memory.ts';
import { hrefTo, parseRoute } from './router.ts';

const memoryKey = 'wattrun.view';

/** A window that opens without being told where goes where the last one was; from then on each view is remembered. The mini window is no view. */
export function keepLastView(): void {
  if (location.hash.replace(/^#\/?/, '') === '') {
    const last = recall(memoryKey);
    // As the router writes it: whatever else stands there leads to Live.
    if (last !== null) history.replaceState(history.state, '', hrefTo(parseRoute(last)));
  }
  addEventListener('hashchange', () => {
    const route = parseRoute(location.hash);
    if (route.page !== 'mini') remember(memoryKey, hrefTo(route));
  });
}
