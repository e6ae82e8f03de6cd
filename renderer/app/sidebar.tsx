import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { type PageName, pageNames } from '../../shared/model/pages.ts';
import { useEngine, useLive } from '../connection/connection-context.tsx';
import { Icon, type IconName, Logo } from '../design/icon.tsx';
import { KeySwatch } from '../design/key-swatch.tsx';
import { seriesColor } from '../design/series.ts';
import { Sign } from '../design/sign.tsx';
import { StateSign } from '../design/state-glyph.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { hrefTo, type Route, useRoute } from './router.ts';

const looks = {
  live: { icon: 'live', route: { page: 'live', view: 'overview' } },
  runs: { icon: 'runs', route: { page: 'runs' } },
  compare: { icon: 'compare', route: { page: 'compare', runIds: [] } },
  projects: { icon: 'layers', route: { page: 'projects' } },
  alerts: { icon: 'alerts', route: { page: 'alerts' } },
  sensors: { icon: 'sensors', route: { page: 'sensors' } },
  settings: { icon: 'settings', route: { page: 'settings' } },
} as const satisfies Record<PageName, { icon: IconName; route: Route }>;

/** Pages in the order of their keys. */
export const pages = pageNames.map((word) => ({ word, ...looks[word] }));

export function Sidebar(): ReactNode {
  const { t } = useTranslation();
  const { description } = useEngine();
  const last = pages.length - 1;
  return (
    <aside className="side">
      <div
        className="host"
        title={description === null ? undefined : `${description.hostName}, ${description.hardware}`}
      >
        <Logo />
        <div className="grow">
          <b className="cut">{description?.hostName ?? t('name')}</b>
          <small className="cut">{description?.hardware}</small>
        </div>
      </div>
      <nav className="nav" aria-label={t('navigation')}>
        {pages.slice(0, last).map((page) => (
          <PageLink key={page.word} page={page} />
        ))}
      </nav>
      <RunningList />
      <nav className="nav end" aria-label={t('nav.settings')}>
        {pages.slice(last).map((page) => (
          <PageLink key={page.word} page={page} />
        ))}
      </nav>
    </aside>
  );
}

function PageLink({ page }: { readonly page: (typeof pages)[number] }): ReactNode {
  const { t } = useTranslation();
  const route = useRoute();
  const live = useLive();
  const isCurrent = route.page === page.route.page || (route.page === 'run' && page.route.page === 'runs');
  const word = t(`nav.${page.word}`);
  const runCount = live?.runs.filter((run) => run.status === 'running').length ?? 0;
  const alertCount = live?.alerts.length ?? 0;
  return (
    <a href={hrefTo(page.route)} aria-current={isCurrent ? 'page' : undefined} title={word}>
      <Icon name={page.icon} />
      <span>{word}</span>
      {page.word === 'runs' && runCount > 0 && (
        <span className="cnt">
          <span>{t('nav.runningCount', { count: runCount })}</span>
        </span>
      )}
      {page.word === 'alerts' && alertCount > 0 && (
        <span className="cnt warn" role="img" aria-label={t('nav.alertCount', { count: alertCount })}>
          <Sign name="triangle" />
          <span>{alertCount}</span>
        </span>
      )}
    </a>
  );
}

function RunningList(): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const running = useLive()?.runs.filter((run) => run.status === 'running') ?? [];
  const { status } = useEngine();
  if (running.length === 0) return null;
  return (
    <nav className="nav runs-now" aria-label={t('nav.running')}>
      <h3>{t('nav.running')}</h3>
      {running.map((run) => (
        <a key={run.id} className="it" href={hrefTo({ page: 'run', runId: run.id })} title={run.name}>
          <KeySwatch color={seriesColor(run.colorIndex)} />
          <span className="cut">{run.name}</span>
          {run.isPaused === true && <StateSign of={{ kind: 'run', state: 'paused' }} />}
          <span className={status === 'lost' ? 'w stale' : 'w'}>
            {valueText(formatPower(run.powerWatts, { locale, style: 'tight', isLowerBound: run.isLowerBound }))}
          </span>
        </a>
      ))}
    </nav>
  );
}
