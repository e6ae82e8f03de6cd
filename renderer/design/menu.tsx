import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { isApple, keyName } from './key-name.ts';

export interface MenuItem {
  readonly key: string;
  readonly label: string;
  readonly icon?: IconName;
  readonly keys?: readonly string[];
  /** What it does, where the label is too short to say. */
  readonly hint?: string;
  readonly isDangerous?: boolean;
  /** Shown, so that its label can say why it cannot be chosen. */
  readonly isDisabled?: boolean;
  readonly onSelect: () => void;
}

interface MenuProps {
  /** A button: it opens the menu. */
  readonly trigger: ReactNode;
  readonly items: readonly MenuItem[];
  readonly align?: 'start' | 'end';
}

export function Menu({ trigger, items, align = 'start' }: MenuProps): ReactNode {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="pop" align={align} sideOffset={4} collisionPadding={8}>
          {items.map((item) => (
            <DropdownMenu.Item
              key={item.key}
              className={item.isDangerous === true ? 'mi crit' : 'mi'}
              disabled={item.isDisabled === true}
              title={item.hint}
              onSelect={item.onSelect}
            >
              {item.icon !== undefined && <Icon name={item.icon} />}
              {item.label}
              {item.keys !== undefined && <Keys keys={item.keys} />}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Keys as keycaps: `<Keys keys={['Ctrl', 'Z']} />`, ⌘ for Ctrl on a Mac. */
export function Keys({ keys }: { readonly keys: readonly string[] }): ReactNode {
  return (
    <span className="kb">
      {keys.map((key) => (
        <kbd key={key}>{keyName(key, isApple())}</kbd>
      ))}
    </span>
  );
}
