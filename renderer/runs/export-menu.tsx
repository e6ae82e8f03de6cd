import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useHost } from '../connection/connection-context.tsx';
import { useRequest } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { Icon } from '../design/icon.tsx';
import { Keys, Menu } from '../design/menu.tsx';
import { useWords } from '../i18n/use-words.ts';
import { useFormatLabel } from '../reports/use-format-label.ts';
import { useExport } from './use-export.ts';

interface ExportMenuProps {
  /** Null: all runs. */
  readonly runIds: readonly string[] | null;
  /** All runs of this one, and its sums where the format tells them. */
  readonly project?: string;
  readonly isDisabled?: boolean;
  readonly buttonRef?: RefObject<HTMLButtonElement | null>;
  readonly keyShown?: string;
}

/** Every format the engine can write, one at a time; the button keeps the focus meanwhile. Opens at once: formats that are still asked for fill it when they come. */
export function ExportMenu({ runIds, project, isDisabled = false, buttonRef, keyShown }: ExportMenuProps) {
  const { t } = useWords();
  const { t: r } = useTranslation('reports');
  const formats = useRequest('exports.list', {}).data?.formats ?? [];
  const host = useHost();
  const formatLabel = useFormatLabel();
  const { isBusy, start } = useExport();
  return (
    <Menu
      align="end"
      trigger={
        <ExportButton
          {...(buttonRef === undefined ? {} : { buttonRef })}
          label={isBusy ? t('export.busy') : t('export.button')}
          isDisabled={isDisabled}
          {...(keyShown === undefined ? {} : { keyShown })}
        />
      }
      items={formats.map((format) => ({
        key: format.id,
        label:
          format.needs?.isThere === false && host === null
            ? r('needsChromium')
            : `${formatLabel(format)} (.${format.extension})`,
        isDisabled: isBusy || (format.needs?.isThere === false && host === null),
        onSelect: () => start(format.id, runIds, project),
      }))}
    />
  );
}

interface ExportButtonProps {
  readonly label: string;
  readonly isDisabled: boolean;
  readonly buttonRef?: RefObject<HTMLButtonElement | null>;
  readonly keyShown?: string;
  readonly ref?: (element: HTMLButtonElement | null) => void;
}

/** The menu hands its trigger's props down, so they must reach the native button. */
function ExportButton({ label, isDisabled, buttonRef, keyShown, ref, ...trigger }: ExportButtonProps) {
  const attach = (element: HTMLButtonElement | null): void => {
    if (buttonRef !== undefined) buttonRef.current = element;
    ref?.(element);
  };
  return (
    <Button {...trigger} {...{ ref: attach }} icon="save" disabled={isDisabled} title={label}>
      <span className="btn-word">{label}</span>
      {keyShown === undefined ? <Icon name="down" className="chev" /> : <Keys keys={[keyShown]} />}
    </Button>
  );
}
