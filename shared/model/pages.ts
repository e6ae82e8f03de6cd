/** The app's pages in the order of their keys: Ctrl 1 is the first; the last is Settings, Ctrl and a comma. */
export const pageNames = ['live', 'runs', 'compare', 'projects', 'alerts', 'sensors', 'settings'] as const;
export type PageName = (typeof pageNames)[number];
