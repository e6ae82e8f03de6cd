import { useSyncExternalStore } from 'react';

export type Route =
  | { readonly page: 'live'; readonly view: 'overview' | 'charts' }
  | { readonly page: 'runs' }
  | { readonly page: 'run'; readonly runId: string }
  | { readonly page: 'alerts' }
  | { readonly page: 'sensors' }
  | { readonly page: 'settings' };

/** '#/runs/ID' → a route; what is unknown leads to Live. Hashes work from file:// and from any server alike. */
export function parseRoute(hash: string): Route {
  const [page = '', rest = ''] =
    hash
      .replace(/^#?\/?/, '')
      .split('?')[0]
      ?.split('/') ?? [];
  switch (page) {
    case 'runs':
      return rest === '' ? { page: 'runs' } : { page: 'run', runId: decodeURIComponent(rest) };
    case 'alerts':
    case 'sensors':
    case 'settings':
      return { page };
    default:
      return { page: 'live', view: rest === 'charts' ? 'charts' : 'overview' };
  }
}

/** The link to a route: `<a href={hrefTo({ page: 'run', runId })}>`. */
export function hrefTo(route: Route): string {
  switch (route.page) {
    case 'live':
      return route.view === 'charts' ? '#/live/charts' : '#/live';
    case 'run':
      return `#/runs/${encodeURIComponent(route.runId)}`;
    default:
      return `#/${route.page}`;
  }
}

export function navigate(route: Route): void {
  location.hash = hrefTo(route).slice(1);
}

const subscribe = (listener: () => void): (() => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => location.hash));
}
