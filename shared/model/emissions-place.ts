import type { RunReport } from './run.ts';

type Placed = Pick<RunReport['emissions'], 'region' | 'regionName'> &
  Partial<Pick<RunReport['emissions'], 'byIntensity'>>;

/** What most of a run's emissions stand on: a reading of the grid by its source, else the region of the table, whose name `nameOf` may write in another language. */
export function placeOf(
  { region, regionName, byIntensity = [] }: Placed,
  nameOf: (code: string, name: string) => string = (_code, name) => name,
): string {
  const [most] = byIntensity;
  return most === undefined || most.isFallback ? nameOf(region, regionName) : most.source;
}
