import { Popover } from 'radix-ui';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { formatNumber } from '../../shared/format/number-text.ts';
import type { Region } from '../../shared/model/carbon.ts';
import { regionNameIn } from '../carbon/region-name.ts';
import { useCarbonWords } from '../carbon/use-carbon-words.ts';
import { Icon } from '../design/icon.tsx';
import { regionNameOf } from '../i18n/i18n.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { searchRegions } from './region-search.ts';

interface RegionPickerProps {
  readonly regions: readonly Region[];
  readonly code: string;
  readonly onPick: (code: string) => void;
  /** Stands in the field in place of the region's name. */
  readonly placeholder?: string;
}

/** All regions with their intensity, narrowed by typing; arrows and Enter choose. */
export function RegionPicker({ regions, code, onPick, placeholder }: RegionPickerProps) {
  const { t, i18n } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  const locale = useLocale();
  const chosen = regions.find((region) => region.code === code);
  const name = chosen === undefined ? regionNameOf(i18n, code) : regionNameIn(locale, chosen);
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger asChild>
        <button
          type="button"
          className="fld pick"
          aria-label={t('settings.region.choose', { name: placeholder ?? name })}
        >
          <span className={placeholder === undefined ? 'cut' : 'cut q'}>{placeholder ?? name}</span>
          <Icon name="down" className="chev" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="pop pick-pop" align="start" sideOffset={4} collisionPadding={8}>
          <RegionList
            regions={regions}
            code={code}
            onPick={(picked) => {
              setIsOpen(false);
              onPick(picked);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function RegionList({ regions, code, onPick }: RegionPickerProps) {
  const { t } = useWords();
  const { t: say } = useCarbonWords();
  const locale = useLocale();
  const id = useId();
  const [text, setText] = useState('');
  const found = useMemo(() => searchRegions(regions, text, locale), [regions, text, locale]);
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      found.findIndex((region) => region.code === code),
    ),
  );
  const at = Math.min(active, found.length - 1);
  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setActive(Math.min(found.length - 1, Math.max(0, next)));
    }
    const region = found[at];
    if (event.key === 'Enter' && region !== undefined) onPick(region.code);
  };
  return (
    <>
      <span className="fld pick-field">
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}list`}
          aria-activedescendant={found[at] === undefined ? undefined : `${id}${found[at].code}`}
          aria-label={say('region.search')}
          placeholder={say('region.search')}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={press}
        />
      </span>
      <div className="pick-list" id={`${id}list`} role="listbox" aria-label={t('settings.region.label')}>
        {found.map((region, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox above
          <div
            key={region.code}
            id={`${id}${region.code}`}
            ref={index === at ? scrollIntoSight : undefined}
            role="option"
            tabIndex={-1}
            aria-selected={region.code === code}
            className={index === at ? 'mi on' : 'mi'}
            onClick={() => onPick(region.code)}
          >
            <span className="cut" title={region.code}>
              {regionNameIn(locale, region)}
            </span>
            {region.scope !== 'country' && <span className="q nw">{say(`region.scope.${region.scope}`)}</span>}
            <span className="grow" />
            {region.code === code && <Icon name="check" />}
            <span className="q">{formatNumber(region.intensityGramsCO2ePerKwh, 0, locale)}</span>
          </div>
        ))}
        {found.length === 0 && <p className="q none">{t('settings.region.none')}</p>}
      </div>
    </>
  );
}

const scrollIntoSight = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' });
