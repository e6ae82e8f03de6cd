/** The one pipe between a page and the main process; `opened` begins a new session for a new document. */
export const pipeChannels = {
  opened: 'wattrun:opened',
  toHost: 'wattrun:to-host',
  toPage: 'wattrun:to-page',
} as const;
