import { type SettingsSectionId, sectionElementId } from './settings-sections.ts';

/** Brings a section of the settings to the top of their list and puts the focus on its heading. */
export function showSection(id: SettingsSectionId): void {
  const section = document.getElementById(sectionElementId(id));
  const scroller = section?.parentElement ?? null;
  // Only this list scrolls: scrollIntoView would move what is around it by the odd pixel as well.
  if (section !== null && scroller !== null)
    scroller.scrollTop += section.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  section?.querySelector('h2')?.focus({ preventScroll: true });
}
