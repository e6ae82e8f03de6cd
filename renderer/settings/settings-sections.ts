import type { IconName } from '../design/icon.tsx';

/** The page's sections, in order; their ids are the anchors. */
export const settingsSections = [
  { id: 'place', icon: 'globe' },
  { id: 'price', icon: 'layers' },
  { id: 'measuring', icon: 'sensors' },
  { id: 'finding', icon: 'search' },
  { id: 'wall', icon: 'host' },
  { id: 'appearance', icon: 'settings' },
  { id: 'notifications', icon: 'bell' },
  { id: 'data', icon: 'save' },
  { id: 'about', icon: 'info' },
] as const satisfies readonly { readonly id: string; readonly icon: IconName }[];

export type SettingsSectionId = (typeof settingsSections)[number]['id'];
export const sectionElementId = (id: SettingsSectionId): string => `settings-${id}`;
