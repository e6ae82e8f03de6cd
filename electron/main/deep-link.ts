/** What a link into the app begins with: `wattrun://run/ID`. */
export const linkScheme = 'wattrun';

const mostCharacters = 600;
/** A run's id or a beginning of one: letters, digits, dash and underscore. Anything else was not written by us. */
const idPattern = /^[\w-]{1,64}$/;
const mostCompared = 8;

const pages = new Map<string, readonly string[]>([
  ['live', ['', 'overview', 'charts', 'processes']],
  ['runs', ['']],
  ['alerts', ['']],
  ['sensors', ['']],
  ['settings', ['']],
]);

/**
 * The page that a link leads to, as a path of ours: `wattrun://run/ID` → '/runs/ID', `wattrun://live/charts` → '/live/charts'. Null for everything else: any
 * program and any web page can open such links, so a link only ever shows a page and never does anything.
 */
export function pathOfLink(link: string): string | null {
  if (link.length > mostCharacters || !URL.canParse(link)) return null;
  const url = new URL(link);
  if (url.protocol !== `${linkScheme}:` || url.search !== '' || url.hash !== '') return null;
  if (url.username !== '' || url.password !== '' || url.port !== '') return null;
  const page = url.hostname.toLowerCase();
  const [rest = '', ...more] = url.pathname.replace(/^\//, '').replace(/\/$/, '').split('/');
  if (more.length > 0) return null;
  if (page === 'run') return idPattern.test(rest) ? `/runs/${rest}` : null;
  if (page === 'compare') {
    const ids = rest.split(',');
    return ids.length <= mostCompared && ids.every((id) => idPattern.test(id)) ? `/compare/${ids.join(',')}` : null;
  }
  if (pages.get(page)?.includes(rest) !== true) return null;
  return rest === '' || rest === 'overview' ? `/${page}` : `/${page}/${rest}`;
}

/** The link among the arguments of a start; the last one where there are several. */
export function linkAmong(argv: readonly string[]): string | null {
  return argv.findLast((argument) => argument.toLowerCase().startsWith(`${linkScheme}:`)) ?? null;
}
