import { type ReactNode, useRef } from 'react';
import { Page } from '../app/page.tsx';
import { TopBar } from '../app/top-bar.tsx';
import { useSettings } from '../connection/connection-context.tsx';
import { useRequest } from '../connection/use-request.ts';
import { LoadingBars } from '../design/empty-state.tsx';
import { Strip } from '../design/strip.tsx';
import { useWords } from '../i18n/use-words.ts';
import { CalibrationSection } from './calibration-section.tsx';
import { EffectPanel } from './effect-panel.tsx';
import { FindingSection } from './finding-section.tsx';
import { LoginSetting } from './login-setting.tsx';
import { MetersSection } from './meters-section.tsx';
import {
  AboutSection,
  AppearanceSection,
  DataSection,
  MeasuringSection,
  NotificationsSection,
} from './other-sections.tsx';
import { PlaceSection } from './place-section.tsx';
import { PriceSection } from './price-section.tsx';
import { SectionNav } from './section-nav.tsx';
import './settings.css';
import { type SettingsSectionId, sectionElementId } from './settings-sections.ts';
import { useSaveSettings } from './use-save-settings.ts';

const noRegions: readonly [] = [];

/** One page, saved as it is changed. */
export function SettingsView() {
  const { t } = useWords();
  const settings = useSettings();
  const asked = useRequest('carbon.regions', {});
  const { save, errorCode } = useSaveSettings();
  const scroller = useRef<HTMLDivElement>(null);
  const regions = asked.data?.regions ?? noRegions;
  return (
    <>
      <TopBar title={t('settings.title')} lead={<span className="q">{t('settings.saved')}</span>} />
      <Page className="fill">
        {errorCode !== null && (
          <Strip tone="crit" title={t('settings.notSaved')}>
            {t([`settings.error.${errorCode}`, 'settings.error.other'], { code: errorCode })}
          </Strip>
        )}
        {settings === null ? (
          <LoadingBars />
        ) : (
          <div className="se">
            <SectionNav scroller={scroller} />
            <div className="sf" ref={scroller}>
              <Section id="place">
                <PlaceSection settings={settings} save={save} regions={regions} />
              </Section>
              <Section id="price">
                <PriceSection settings={settings} save={save} />
              </Section>
              <Section id="measuring">
                <MeasuringSection settings={settings} save={save} />
                <LoginSetting />
              </Section>
              <Section id="finding">
                <FindingSection settings={settings} save={save} />
              </Section>
              <Section id="wall">
                <MetersSection settings={settings} save={save} />
                <CalibrationSection />
              </Section>
              <Section id="appearance">
                <AppearanceSection settings={settings} save={save} />
              </Section>
              <Section id="notifications">
                <NotificationsSection settings={settings} save={save} />
              </Section>
              <Section id="data">
                <DataSection />
              </Section>
              <Section id="about">
                <AboutSection />
              </Section>
            </div>
            <EffectPanel settings={settings} />
          </div>
        )}
      </Page>
    </>
  );
}

function Section({ id, children }: { readonly id: SettingsSectionId; readonly children: ReactNode }) {
  const { t } = useWords();
  const elementId = sectionElementId(id);
  return (
    <section id={elementId} aria-labelledby={`${elementId}-title`}>
      <h2 id={`${elementId}-title`} tabIndex={-1}>
        {t(`settings.section.${id}`)}
      </h2>
      {children}
    </section>
  );
}
