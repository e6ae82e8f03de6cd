import { formatWattsColumn } from '../../shared/format/power.ts';
import type { SourceReport } from '../../shared/model/sensors.ts';
import { useLive } from '../connection/connection-context.tsx';
import { useRequest } from '../connection/use-request.ts';
import { CommandLine } from '../design/command-line.tsx';
import { FailedState, LoadingBars } from '../design/empty-state.tsx';
import { EvidenceMark } from '../design/evidence.tsx';
import { GapSwatch } from '../design/key-swatch.tsx';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { groupSources } from '../sensors/sensor-groups.ts';
import { foundParts } from './found-parts.ts';
import { useWelcomeWords } from './use-welcome-words.ts';

/** What reads this machine, what one command would add, and what it does not have. */
export function FoundSection() {
  const { t } = useWelcomeWords();
  const asked = useRequest('sensors.list', {}, { refreshOn: ['sensors.changed'] });
  const live = useLive();
  const sources = asked.data?.sources ?? [];
  const { needsYou, absent } = groupSources(sources);
  return (
    <section aria-labelledby="wc-found">
      <h2 id="wc-found">
        <span className="wc-no">1</span>
        {t('found.title')}
      </h2>
      {asked.error !== null && asked.data === null ? (
        <FailedState what="table" error={asked.error} onRetry={asked.retry} />
      ) : asked.data === null || live === null ? (
        <LoadingBars widths={[80, 72, 60]} />
      ) : (
        <>
          <Parts sources={sources} />
          <NeedsYou sources={needsYou} />
          <Absent sources={absent} />
        </>
      )}
    </section>
  );
}

function Parts({ sources }: { readonly sources: readonly SourceReport[] }) {
  const { t } = useWelcomeWords();
  const locale = useLocale();
  const devices = useLive()?.devices ?? [];
  const parts = foundParts(devices, sources);
  const hasMeter = devices.some((device) => device.domain.kind === 'wall');
  return (
    <table className="tb d wc-parts" aria-label={t('found.title')}>
      <tbody>
        {parts.map((part) => (
          <tr key={part.key}>
            <td className="wc-mark">
              <EvidenceMark provenance={part.provenance} />
            </td>
            <th scope="row">{part.name}</th>
            <td className="s">{part.by}</td>
            <td className="n s">
              {part.powerWatts === null ? '–' : `${formatWattsColumn(part.powerWatts, { locale })} W`}
            </td>
          </tr>
        ))}
        {parts.length === 0 && (
          <tr>
            <td colSpan={4} className="q">
              {t('found.nothing')}
            </td>
          </tr>
        )}
        {!hasMeter && (
          <tr>
            <td className="wc-mark">
              <GapSwatch />
            </td>
            <th scope="row">{t('found.rest')}</th>
            <td className="s" colSpan={2}>
              {t('found.restWhy')}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function NeedsYou({ sources }: { readonly sources: readonly SourceReport[] }) {
  const { t } = useWelcomeWords();
  if (sources.length === 0) return null;
  return (
    <div className="wc-needs">
      <p>
        <Sign name="info" className="warn" /> <b>{t('found.needs', { count: sources.length })}</b>{' '}
        <span className="q">{t('found.needsHint')}</span>
      </p>
      {sources.map((source) => (
        <div key={source.id} className="wc-need">
          <p className="s">
            {source.label}
            {source.reason === null ? '' : `: ${source.reason}`}
          </p>
          {source.remedies.slice(0, 1).map((remedy) => (
            <CommandLine key={remedy.command} command={remedy.command} />
          ))}
        </div>
      ))}
    </div>
  );
}

function Absent({ sources }: { readonly sources: readonly SourceReport[] }) {
  const { t } = useWelcomeWords();
  if (sources.length === 0) return null;
  return (
    <details className="wc-absent">
      <summary className="q">{t('found.absent', { count: sources.length })}</summary>
      <ul>
        {sources.map((source) => (
          <li key={source.id}>
            <span className="nw">{source.label}</span> <span className="q">{source.reason ?? source.measures}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
