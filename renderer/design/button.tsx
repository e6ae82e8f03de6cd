import type { ButtonHTMLAttributes, MouseEvent, ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> {
  readonly look?: 'plain' | 'primary' | 'danger' | 'ghost';
  readonly size?: 'normal' | 'small';
  readonly icon?: IconName;
  readonly submits?: boolean;
  /** At work: presses do nothing until it is done. It keeps the focus, which a disabled button loses. */
  readonly isBusy?: boolean;
}

const looks = { plain: '', primary: ' pri', danger: ' dan', ghost: ' gh' } as const;

/** Neither what it is for nor the form around it. */
const refuse = (event: MouseEvent): void => event.preventDefault();

/** A native button. Without children it is an icon button: give it an `aria-label`, which is its tooltip too. */
export function Button(props: ButtonProps): ReactNode {
  const {
    look = 'plain',
    size = 'normal',
    icon,
    submits = false,
    isBusy = false,
    children,
    className,
    ...rest
  } = props;
  const isIconOnly = children === undefined;
  const classes = `btn${looks[look]}${size === 'small' ? ' sm' : ''}${isIconOnly ? ' ic' : ''}${isBusy ? ' is-off' : ''}`;
  return (
    <button
      type={submits ? 'submit' : 'button'}
      className={className === undefined ? classes : `${classes} ${className}`}
      title={isIconOnly ? rest['aria-label'] : undefined}
      {...rest}
      {...(isBusy ? { 'aria-disabled': true, onClick: refuse } : {})}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}
