import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Sign } from './sign.tsx';

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function EmptyState({ title, children, actions }: EmptyStateProps): ReactNode {
  return (
    <div className="empty">
      <b>{title}</b>
      {children !== undefined && <p className="s">{children}</p>}
      {actions !== undefined && <div className="row empty-actions">{actions}</div>}
    </div>
  );
}

interface FailedStateProps {
  readonly what: 'chart' | 'table';
  readonly error: { readonly code: string; readonly message: string };
  readonly onRetry: () => void;
}

/** 'This chart could not be read.' with the error's code, and a way to try again. */
export function FailedState({ what, error, onRetry }: FailedStateProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="empty" role="status">
      <b>
        <Sign name="triangle" className="warn" /> {t(`failed.${what}`)}
      </b>
      <p className="s">
        {error.code}. {t('failed.safe')}
      </p>
      <div className="row empty-actions">
        <Button size="small" onClick={onRetry}>
          {t('tryAgain')}
        </Button>
      </div>
    </div>
  );
}

/** Grey bars in place of text, after 150 ms; nothing moves. */
export function LoadingBars({ widths = [40, 90, 72] }: { readonly widths?: readonly number[] }): ReactNode {
  const { t } = useTranslation();
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (!isShown) return null;
  return (
    <div className="sks" role="status" aria-label={t('loading')}>
      {widths.map((width) => (
        <div key={width} className="sk" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
