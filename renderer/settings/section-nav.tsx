import { type RefObject, useEffect, useState } from 'react';
import { Icon } from '../design/icon.tsx';
import { useWords } from '../i18n/use-words.ts';
import { type SettingsSectionId, sectionElementId, settingsSections } from './settings-sections.ts';
import { showSection } from './show-section.ts';

interface SectionNavProps {
  readonly scroller: RefObject<HTMLElement | null>;
}

/** Leads to a section of the page and shows which one is in sight. */
export function SectionNav({ scroller }: SectionNavProps) {
  const { t } = useWords();
  const [current, setCurrent] = useState<SettingsSectionId>('place');
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const update = (): void => setCurrent(sectionInSight(element));
    element.addEventListener('scroll', update, { passive: true });
    return () => element.removeEventListener('scroll', update);
  }, [scroller]);
  const go = (id: SettingsSectionId): void => {
    showSection(id);
    setCurrent(id);
  };
  return (
    <nav className="sv" aria-label={t('settings.sections')}>
      {settingsSections.map(({ id, icon }) => (
        <button
          type="button"
          key={id}
          aria-current={id === current ? 'true' : undefined}
          title={t(`settings.section.${id}`)}
          onClick={() => go(id)}
        >
          <Icon name={icon} />
          <span>{t(`settings.section.${id}`)}</span>
        </button>
      ))}
    </nav>
  );
}

const nearTopPx = 48;

/** The last section whose top has reached the top of the page; the last one at the very end. */
function sectionInSight(scroller: HTMLElement): SettingsSectionId {
  const top = scroller.getBoundingClientRect().top + nearTopPx;
  const isAtEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1;
  const reached = settingsSections.filter(({ id }) => {
    const section = document.getElementById(sectionElementId(id));
    return section !== null && section.getBoundingClientRect().top <= top;
  });
  return (isAtEnd ? settingsSections.at(-1)?.id : reached.at(-1)?.id) ?? 'place';
}
