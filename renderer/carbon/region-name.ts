import type { Region } from '../../shared/model/carbon.ts';

/** A place in the language shown; its English name where there is no other. */
export const regionNameIn = (locale: string, { name, nameZh }: Pick<Region, 'name' | 'nameZh'>): string =>
  locale.startsWith('zh') && nameZh !== '' ? nameZh : name;
