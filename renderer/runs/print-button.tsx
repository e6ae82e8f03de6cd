import { Button } from '../design/button.tsx';
import { useRecordWords } from './use-record-words.ts';

export function PrintButton() {
  const { t } = useRecordWords();
  return <Button look="ghost" icon="print" aria-label={t('print.button')} onClick={() => window.print()} />;
}
