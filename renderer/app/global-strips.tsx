import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatClock } from '../../shared/format/moment.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { AlertQuestions } from '../alerts/alert-questions.tsx';
import { useConnection, useEngine, useHost, useLive } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { Strip } from '../design/strip.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useNow } from './use-now.ts';

export { useNow } from './use-now.ts';

/** One strip for one matter: the connection, storage, what a rule asks about a run, the demo. */
export function GlobalStrips(): ReactNode {
  const { status } = useConnection();
  const live = useLive();
  const { description } = useEngine();
  return (
    <>
      {status === 'lost' && <LostStrip />}
      {live !== null && live.storage.kind !== 'recording' && <StorageStrip message={live.storage.message} />}
      <AlertQuestions />
      {(live?.isSimulated ?? description?.isSimulated) === true && <SimulatedStrip />}
    </>
  );
}

function LostStrip(): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const { nextTryAtMs, isRefused } = useConnection();
  const { tryNow } = useEngine();
  const lastAtMs = useLive()?.atMs ?? null;
  const nowMs = useNow();
  const seconds = nextTryAtMs === null ? 0 : Math.ceil(secondsFromMs(nextTryAtMs - nowMs));
  const next = seconds > 0 ? t('lost.next', { seconds }) : t('lost.nextNow');
  return (
    <Strip
      tone="crit"
      title={t(isRefused ? 'lost.refused' : 'lost.title')}
      actions={
        <Button size="small" onClick={tryNow}>
          {t('tryNow')}
        </Button>
      }
    >
      {isRefused
        ? t('lost.textRefused')
        : lastAtMs === null
          ? t('lost.textNever', { next })
          : t('lost.text', {
              time: formatClock(lastAtMs, { locale, hasSeconds: true }),
              ago: formatExactDuration(Math.max(0, secondsFromMs(nowMs - lastAtMs)), { locale, isWhole: true }),
              next,
            })}
    </Strip>
  );
}

function StorageStrip({ message }: { readonly message: string | null }): ReactNode {
  const { t } = useTranslation();
  const host = useHost();
  return (
    <Strip
      tone="crit"
      sign="diamond"
      title={t('storage.title')}
      actions={
        host !== null && (
          <Button size="small" onClick={() => void host.request('host.showDataDirectory', {})}>
            {t('storage.show')}
          </Button>
        )
      }
    >
      {message}
    </Strip>
  );
}

function SimulatedStrip(): ReactNode {
  const { t } = useTranslation();
  const { description, request } = useEngine();
  return (
    <Strip
      tone="info"
      title={t('demo.title')}
      actions={
        description?.canDemo === true && (
          <Button size="small" onClick={() => void request('demo.leave', {})}>
            {t('demo.leave')}
          </Button>
        )
      }
    >
      {t('demo.text')}
    </Strip>
  );
}
