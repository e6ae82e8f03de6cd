import type { Settings } from '../../shared/model/settings.ts';
import type { SettingsSaver } from './use-save-settings.ts';

/** What a section of settings shows and how it keeps what is changed. */
export interface SectionProps {
  readonly settings: Settings;
  readonly save: SettingsSaver['save'];
}
