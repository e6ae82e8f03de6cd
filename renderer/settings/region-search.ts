import type { Region } from '../../shared/model/carbon.ts';
import { regionNameIn } from '../carbon/region-name.ts';

type Searched = Pick<Region, 'code' | 'name' | 'nameZh'>;

/**
 * Regions whose English or Chinese name or code holds the text; names that begin with it first, each kind in the order of the locale's dictionaries.
 * The world stands first in the whole list.
 */
export function searchRegions<T extends Searched>(regions: readonly T[], text: string, locale: string): readonly T[] {
  const wanted = plain(text.trim());
  const { compare } = new Intl.Collator(locale, { numeric: true });
  const nameOf = (region: T): string => regionNameIn(locale, region);
  const ranked = regions
    .map((region) => ({ region, rank: rankOf(region, wanted) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || compare(nameOf(a.region), nameOf(b.region)));
  return ranked.map(({ region }) => region);
}

function rankOf(region: Searched, wanted: string): number | null {
  if (wanted === '') return region.code === 'WORLD' ? 0 : 1;
  const name = plain(region.name);
  const { nameZh } = region;
  if (plain(region.code) === wanted) return 0;
  if (name.startsWith(wanted) || nameZh.startsWith(wanted)) return 1;
  if (name.split(/[\s(),.-]+/).some((word) => word.startsWith(wanted))) return 2;
  return name.includes(wanted) || nameZh.includes(wanted) || plain(region.code).includes(wanted) ? 3 : null;
}

/** Lower case, without accents: 'Côte' is found by 'cote'. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase();
}
