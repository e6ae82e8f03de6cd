import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCopyText } from '../connection/connection-context.tsx';
import { Button, type ButtonProps } from './button.tsx';

interface CopyButtonProps extends Pick<ButtonProps, 'look' | 'size' | 'icon'> {
  readonly text: string;
  readonly children?: ReactNode;
}

/** Copies and says so for two seconds, in place. */
export function CopyButton({ text, children, ...button }: CopyButtonProps): ReactNode {
  const { t } = useTranslation();
  const copyText = useCopyText();
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <Button size="small" {...button} onClick={() => void copyText(text).then(() => setIsCopied(true))}>
      {isCopied ? t('copied') : (children ?? t('copy'))}
    </Button>
  );
}

/** A command as it would be typed, with Copy at its end. */
export function CommandLine({ command }: { readonly command: string }): ReactNode {
  return (
    <div className="cmd">
      <code title={command}>{command}</code>
      <CopyButton text={command} look="ghost" icon="copy" />
    </div>
  );
}
