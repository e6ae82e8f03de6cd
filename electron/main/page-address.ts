/** The address without what a page may change by itself: its query and its anchor. */
function bare(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** Whether a frame shows the app's own page: the same document, whatever its anchor. */
export function isOwnPage(frameUrl: string, pageUrl: string): boolean {
  if (!URL.canParse(frameUrl)) return false;
  return bare(new URL(frameUrl)) === bare(new URL(pageUrl));
}

/** Only what a browser can show safely leaves the app. */
export function isExternalLink(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}
