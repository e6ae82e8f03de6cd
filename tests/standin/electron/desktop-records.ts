import type { Notification } from './notification.ts';
import type { Tray } from './tray.ts';

/** What the app did to the desktop, in order: a headless machine has none, so it is kept for tests to read. */
export const desktopRecords = {
  notifications: [] as Notification[],
  trays: [] as Tray[],
  openedExternally: [] as string[],
  openedPaths: [] as string[],
  shownInFolder: [] as string[],
  errorBoxes: [] as { readonly title: string; readonly content: string }[],
  beeps: 0,
};
