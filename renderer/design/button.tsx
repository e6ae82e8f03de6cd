import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> {
  readonly look?: 'plain' | 'primary' | 'danger' | 'ghost';
  readonly size?: 'normal' | 'small';
  readonly icon?: IconName;
  readonly submits?: boolean;
}

const looks = { plain: '', primary: ' pri', danger: ' dan', ghost: ' gh' } as const;

/** A native button. Without children it is an icon button: give it an `aria-label`, which is its tooltip too. */
export function Button(props: ButtonProps): ReactNode {
  const { look = 'plain', size = 'normal', icon, submits = false, children, className, ...rest } = props;
  const isIconOnly = children === undefined;
  const classes = `btn${looks[look]}${size === 'small' ? ' sm' : ''}${isIconOnly ? ' ic' : ''}`;
  return (
    <button
      type={submits ? 'submit' : 'button'}
      className={className === undefined ? classes : `${classes} ${className}`}
      title={isIconOnly ? rest['aria-label'] : undefined}
      {...rest}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}
