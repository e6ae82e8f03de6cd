import { Button } from '../design/button.tsx';
import { SettingRow } from '../settings/setting-row.tsx';
import { useWelcomeWords } from './use-welcome-words.ts';
import { askWelcome } from './welcome-store.ts';

/** In Settings: the way back to the first minute. */
export function WelcomeAgainRow() {
  const { t } = useWelcomeWords();
  return (
    <SettingRow label={t('againLabel')}>
      <Button size="small" onClick={askWelcome}>
        {t('againButton')}
      </Button>
    </SettingRow>
  );
}
