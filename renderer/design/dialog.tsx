import { Dialog as Primitive } from 'radix-ui';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { useFocusReturn } from './focus-return.ts';

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children?: ReactNode;
  readonly confirmLabel: string;
  /** Resolves when done; the dialog stays open while it runs and when it throws, which is the caller's to show. */
  readonly onConfirm: () => void | Promise<void>;
  readonly confirmLook?: 'primary' | 'danger';
  readonly cancelLabel?: string;
  readonly isBusy?: boolean;
}

/** A small form over the page. Focus stays inside, Escape closes, Enter confirms. */
export function Dialog(props: DialogProps): ReactNode {
  const { t } = useTranslation();
  const focusReturn = useFocusReturn();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (props.isBusy !== true) void props.onConfirm();
  };
  // The library's own overlay injects a style element, which our content policy forbids: the shade is a plain element.
  return (
    <Primitive.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Primitive.Portal>
        <div className="shade" />
        <Primitive.Content className="pop dlg" aria-describedby={undefined} {...focusReturn}>
          <form onSubmit={submit}>
            <Primitive.Title className="dlg-title">{props.title}</Primitive.Title>
            <div className="dlg-body">{props.children}</div>
            <div className="dlg-end">
              <Button onClick={props.onClose}>{props.cancelLabel ?? t('cancel')}</Button>
              <Button submits look={props.confirmLook ?? 'primary'} isBusy={props.isBusy === true}>
                {props.confirmLabel}
              </Button>
            </div>
          </form>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
