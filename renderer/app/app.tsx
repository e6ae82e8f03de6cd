import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { AlertSound } from '../alerts/alert-sound.tsx';
import { AlertsView } from '../alerts/alerts-view.tsx';
import { questionNames } from '../alerts/question-names.ts';
import { CompareView } from '../compare/compare-view.tsx';
import { useConnection, useEngine, useEngineEvent, useHost, useLive } from '../connection/connection-context.tsx';
import { ExportProgressList } from '../exports/export-progress.tsx';
import { LiveView } from '../live/live-view.tsx';
import { useMiniKey, useOpenMini } from '../mini/use-open-mini.ts';
import { PaletteHost } from '../palette/palette-host.tsx';
import { ProjectsView } from '../projects/projects-view.tsx';
import { RunView } from '../runs/run-view.tsx';
import { RunsView } from '../runs/runs-view.tsx';
import { SensorsView } from '../sensors/sensors-view.tsx';
import { SettingsView } from '../settings/settings-view.tsx';
import { useAnnounce } from './announcer.tsx';
import { useLanguage } from './language.ts';
import { hrefTo, navigate, parseRoute, type Route, useRoute } from './router.ts';
import { pages, Sidebar } from './sidebar.tsx';
import { useSidebar } from './sidebar-store.ts';
import { StatusBar } from './status-bar.tsx';
import { useTheme } from './theme.ts';

export function App(): ReactNode {
  const route = useRoute();
  const isFolded = useSidebar((state) => state.isFolded);
  useTheme();
  useLanguage();
  usePageKeys();
  useHostNavigation();
  useDocumentTitle();
  useFocusOnPage();
  useMiniKey(useOpenMini());
  return (
    <div className={isFolded ? 'app folded' : 'app'}>
      <Sidebar />
      <View route={route} />
      <StatusBar />
      <SpokenNews />
      <AlertSound />
      <PaletteHost />
      <ExportProgressList />
    </div>
  );
}

function View({ route }: { readonly route: Route }): ReactNode {
  switch (route.page) {
    case 'live':
      return <LiveView view={route.view} />;
    case 'runs':
      return <RunsView />;
    case 'run':
      return <RunView key={route.runId} runId={route.runId} />;
    case 'mini':
      return null; // a window of its own: root.tsx
    case 'compare':
      return <CompareView runIds={route.runIds} />;
    case 'projects':
      return <ProjectsView project={route.project} />;
    case 'alerts':
      return <AlertsView />;
    case 'sensors':
      return <SensorsView />;
    case 'settings':
      return <SettingsView />;
  }
}

function usePageKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      const page = event.key === ',' ? pages.at(-1) : pages.slice(0, -1)[Number(event.key) - 1];
      if (page === undefined) return;
      event.preventDefault();
      navigate(page.route);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

/** A page that goes takes the focus with it where it was in there: then the page that comes has it. */
function useFocusOnPage(): void {
  const href = hrefTo(useRoute());
  const shown = useRef(href);
  useEffect(() => {
    if (shown.current === href) return;
    shown.current = href;
    if (document.activeElement === document.body) document.getElementById('content')?.focus({ preventScroll: true });
  }, [href]);
}

function useHostNavigation(): void {
  const host = useHost();
  useEffect(() => host?.on('host.navigate', ({ path }) => navigate(parseRoute(path))), [host]);
}

/** 'Runs · hgx-07 · Wattrun', with 'simulated' while every number is made up. */
function useDocumentTitle(): void {
  const { t } = useTranslation();
  const route = useRoute();
  const { description } = useEngine();
  const isSimulated = description?.isSimulated === true;
  const hostName = description?.hostName ?? null;
  const word = t(`nav.${route.page === 'run' ? 'runs' : route.page}`);
  useEffect(() => {
    const parts = [word, hostName, t('name'), isSimulated ? t('simulated') : null];
    document.title = parts.filter((part) => part !== null).join(' · ');
  }, [word, hostName, isSimulated, t]);
}

/** Speaks alerts, the connection and finished runs, as they happen; apart, so that its state redraws nothing else. */
function SpokenNews(): ReactNode {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { status } = useConnection();
  const before = useRef(status);
  const live = useLive();
  useEngineEvent('alerts.fired', ({ ruleName, question }) => {
    if (question?.state !== 'open') return announce(t('said.alert', { name: ruleName }));
    const names = questionNames(question, live);
    announce(
      t('alerts:question.said', { rule: ruleName, question: t(`alerts:question.${question.action}`, { names }) }),
    );
  });
  useEffect(() => {
    if (before.current === 'connected' && status === 'lost') announce(t('lost.said'));
    if (before.current === 'lost' && status === 'connected') announce(t('lost.back'));
    before.current = status;
  }, [status, announce, t]);
  const names = useRef(new Map<string, string>());
  useEffect(() => {
    if (live === null) return;
    const running = new Map(live.runs.filter((run) => run.status === 'running').map((run) => [run.id, run.name]));
    for (const [id, name] of names.current) if (!running.has(id)) announce(t('said.finished', { name }));
    names.current = running;
  }, [live, announce, t]);
  return null;
}
