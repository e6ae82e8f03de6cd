import { comparedRuns } from '../../shared/model/run-comparison.ts';
import { navigate } from '../app/router.ts';
import { Button } from '../design/button.tsx';
import { Keys } from '../design/menu.tsx';
import { useWords } from '../i18n/use-words.ts';
import { compareRefusal } from './compare-choice.ts';

/** Compares what is selected; where that cannot be, it says why. */
export function CompareButton({ runIds }: { readonly runIds: readonly string[] }) {
  const { t } = useWords();
  const refusal = compareRefusal(runIds.length);
  const title = refusal === null ? t('compare.button') : t(`compare.refusal.${refusal}`, { most: comparedRuns.most });
  return (
    <Button
      icon="compare"
      disabled={refusal !== null}
      title={title}
      onClick={() => navigate({ page: 'compare', runIds })}
    >
      <span className="btn-word">{t('compare.button')}</span>
      <Keys keys={['C']} />
    </Button>
  );
}
