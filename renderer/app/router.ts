import { useSyncExternalStore } from 'react';

export const liveViews = ['overview', 'charts', 'processes'] as const;
export type LiveViewName = (typeof liveViews)[number];

export type Route =
  | { readonly page: 'live'; readonly view: LiveViewName }
  | { readonly page: 'runs' }
  | { readonly page: 'run'; readonly runId: string }
  /** The first run is what the others are held against. */
  | { readonly page: 'compare'; readonly runIds: readonly string[] }
  | { readonly page: 'mini' }
  /** Absent: the first one. Null: the runs that belong to none. */
  | { readonly page: 'projects'; readonly project?: string | null }
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
      return rest === '' ? { page: 'runs' } : { page: 'run', runId: decoded(rest) };
    case 'mini':
    case 'compare':
      return { page, runIds: idsOf(rest) };
    case 'projects':
      return { page, ...projectOf(rest) };
    case 'alerts':
    case 'sensors':
    case 'settings':
      return { page };
    default:
      return { page: 'live', view: liveViews.find((view) => view === rest) ?? 'overview' };
  }
}

/** '=NAME' is a project, '-' the runs without one. */
function projectOf(text: string): { readonly project?: string | null } {
  if (text === '-') return { project: null };
  return text.startsWith('=') ? { project: decoded(text.slice(1)) } : {};
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** 'ID,ID' → each id once; what is no id was typed by hand and stays as it is, to be named as not found. */
function idsOf(list: string): readonly string[] {
  const ids = list.split(',').map(decoded);
  return [...new Set(ids.filter((id) => id !== ''))];
}

/** Half a character, as a program may send it, would throw: it is no part of a link. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/** The link to a route: `<a href={hrefTo({ page: 'run', runId })}>`. */
export function hrefTo(route: Route): string {
  switch (route.page) {
    case 'live':
      return route.view === 'overview' ? '#/live' : `#/live/${route.view}`;
    case 'run':
      return `#/runs/${encoded(route.runId)}`;
    case 'compare':
      return route.runIds.length === 0 ? '#/compare' : `#/compare/${route.runIds.map(encoded).join(',')}`;
    case 'projects':
      if (route.project === undefined) return '#/projects';
      return route.project === null ? '#/projects/-' : `#/projects/=${encoded(route.project)}`;
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
