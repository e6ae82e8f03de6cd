import type { Result } from '../../shared/contract/contract.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';

type Words = (key: string, values?: Readonly<Record<string, string | number>>) => string;

const shownNames = 3;

/** '3 runs deleted', and which stay because they are running. */
export function deletedText(t: Words, { deleted, running }: Result<EngineContract, 'runs.delete'>): string {
  if (running.length === 0) return deleted === 0 ? t('runs.deletedBefore') : t('runs.deleted', { count: deleted });
  const names = running.slice(0, shownNames).map(({ name }) => name);
  const told = `${names.join(', ')}${running.length > shownNames ? ' …' : ''}`;
  const stays = t('runs.stillRunning', { count: running.length, names: told });
  return t(deleted === 0 ? 'runs.deletedNone' : 'runs.deletedSome', { count: deleted, stays });
}
