import { formatClock } from '../../shared/format/moment.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { formatShare, percentText } from '../../shared/format/ratio.ts';
import type { LiveState } from '../../shared/model/live.ts';
import { hrefTo } from '../app/router.ts';
import { useConnection } from '../connection/connection-context.tsx';
import { EvidenceMark } from '../design/evidence.tsx';
import { GapSwatch } from '../design/key-swatch.tsx';
import { joinedWords } from '../i18n/joined-words.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { standParts } from './evidence-stand.ts';

const looks = { counter: 'c', sensor: 'sen', model: 'mo', assumed: 'as' } as const;
/** Room for what nobody reads: its size is not known, so it is the same always. */
const restShare = 0.08;

/** One bar of the machine's power by evidence, the unread rest hatched at its end. */
export function StandSection({ live }: { readonly live: LiveState | null }) {
  const { t } = useWords();
  const locale = useLocale();
  const parts = live === null ? [] : standParts(live.devices);
  const hasMeter =
    live?.devices.some(({ domain, powerWatts }) => domain.kind === 'wall' && powerWatts !== null) === true;
  const power = valueText(formatPower(live?.machine.powerWatts ?? null, { locale }));
  const isLost = useConnection().status === 'lost';
  const faded = isLost ? 'stale' : undefined;
  const total = parts.reduce((sum, part) => sum + part.powerWatts, 0);
  return (
    <section className="stand sec">
      <div className="row">
        <h2 className={faded}>
          {parts.length === 0 ? t('sensors.stand.nothing') : t('sensors.stand.title', { power })}
        </h2>
        <span className="grow" />
        <span className="s">
          {isLost && live !== null
            ? t('sensors.stand.asOf', { time: formatClock(live.atMs, { locale, hasSeconds: true }) })
            : t('sensors.stand.now')}
        </span>
      </div>
      <div className={isLost ? 'sb stale' : 'sb'} aria-hidden="true">
        {parts.map((part) => (
          <i
            key={`${part.kind}${part.provenance}`}
            className={looks[part.provenance]}
            style={{ flexGrow: part.powerWatts }}
          />
        ))}
        {!hasMeter && <i className="ht" style={{ flexGrow: total === 0 ? 1 : total * restShare }} />}
      </div>
      <div className={isLost ? 'sl stale' : 'sl'}>
        {parts.map((part) => (
          <span key={`${part.kind}${part.provenance}`}>
            <EvidenceMark provenance={part.provenance} /> <b>{valueText(formatPower(part.powerWatts, { locale }))}</b>{' '}
            {joinedWords(t(`sensors.kind.${part.kind}`), t(`evidence.short.${part.provenance}`))}
            {t('comma')}
            {percentText(formatShare(part.ratio, { locale }))}
          </span>
        ))}
        <span className="grow" />
        {!hasMeter && (
          <span>
            <GapSwatch /> {t('sensors.stand.rest')}
            <span className="hide-n">{`${t('colon')}${t('sensors.stand.restParts')}`}</span>{' '}
            <a className="in-text" href={hrefTo({ page: 'settings' })}>
              {t('sensors.stand.addMeter')}
            </a>
          </span>
        )}
      </div>
    </section>
  );
}
