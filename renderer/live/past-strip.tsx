import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatLogMoment } from '../../shared/format/moment.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { useNow } from '../app/use-now.ts';
import { Button } from '../design/button.tsx';
import { Keys } from '../design/menu.tsx';
import { Strip } from '../design/strip.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import type { TimeRange } from './time-window.ts';

export function PastStrip({
  range,
  onReturn,
}: {
  readonly range: TimeRange;
  readonly onReturn: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const nowMs = useNow();
  return (
    <Strip
      tone="past"
      title={t('live.past.title')}
      actions={
        <Button size="small" onClick={onReturn}>
          {t('live.past.return')} <Keys keys={['L']} />
        </Button>
      }
    >
      {t('live.past.text', {
        from: formatLogMoment(range.fromMs, { locale, nowMs }),
        to: formatLogMoment(range.toMs, { locale, nowMs }),
        ago: formatExactDuration(Math.max(0, secondsFromMs(nowMs - range.toMs)), { locale, isWhole: true }),
      })}
    </Strip>
  );
}
