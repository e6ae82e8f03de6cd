import type { ReactNode } from 'react';
import { formatFullMoment } from '../../shared/format/moment.ts';
import { useNow } from '../app/use-now.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { Logo } from '../design/icon.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useRecordWords } from './use-record-words.ts';

interface PrintHeadProps {
  readonly title: string;
  /** How it stands, beside the title. */
  readonly state?: ReactNode;
}

/** On paper alone: what this is and how it stands, of which machine, when it was printed and by what. */
export function PrintHead({ title, state }: PrintHeadProps) {
  const { t } = useRecordWords();
  const locale = useLocale();
  const { description } = useEngine();
  const time = formatFullMoment(useNow(), { locale });
  return (
    <header className="print-head">
      <Logo />
      <b>{title}</b>
      {state}
      <span>
        {description !== null && `${t('print.host', { host: description.hostName })} · `}
        {t('print.made', { time, version: description?.version ?? '–' })}
      </span>
    </header>
  );
}
