import { formatMoment } from '../../shared/format/moment.ts';
import { formatNumber, missing } from '../../shared/format/number-text.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { differenceText } from '../../shared/format/ratio.ts';
import type { LiveDevice, LiveState } from '../../shared/model/live.ts';
import { useNow } from '../app/use-now.ts';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { isDisagreeing, isHeldAgainstWill, throttleWords } from '../live/device-facts.ts';
import { type HealthRow, hasTrouble, healthRows, remapTone } from './device-health.ts';

const faultColumns = ['ecc', 'uncorrected', 'rows', 'xid'] as const;
const otherColumns = ['now', 'agreement', 'idle'] as const;

/** What each device's driver says of its memory and faults, what holds it back now, and how its sensor agrees with itself. */
export function HealthTable({ live }: { readonly live: LiveState | null }) {
  const { t } = useWords();
  const rows = healthRows(live?.devices ?? []);
  if (rows.length === 0) return null;
  // Where no driver tells of faults, four columns of dashes say less than one sentence.
  const isTold = rows.some(({ device }) => device.health !== null);
  const columns = isTold ? [...faultColumns, ...otherColumns] : otherColumns;
  const stand = !isTold ? 'untoldAll' : hasTrouble(rows) ? 'trouble' : 'calm';
  const isNumber = (column: string): boolean => ['ecc', 'uncorrected', 'idle'].includes(column);
  return (
    <>
      <div className="hd tp">
        <h2>{t('sensors.health.title')}</h2>
        <span className={stand === 'trouble' ? 'warn' : 'q'}>{t(`sensors.health.${stand}`)}</span>
        {isTold && <div className="r hide-n">{t('sensors.health.since')}</div>}
      </div>
      <div className="hl-scroll">
        <table className={isTold ? 'tb d hlt' : 'tb d hlt few'} aria-label={t('sensors.health.title')}>
          <thead>
            <tr>
              <th scope="col" className="h-device">
                {t('sensors.health.device')}
              </th>
              {columns.map((column) => (
                <th
                  scope="col"
                  key={column}
                  className={`h-${column}${isNumber(column) ? ' n' : ''}`}
                  title={t(`sensors.health.hint.${column}`)}
                >
                  {t(`sensors.health.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <HealthRowView key={row.device.domain.id} row={row} isTold={isTold} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function HealthRowView({ row, isTold }: { readonly row: HealthRow; readonly isTold: boolean }) {
  const { t } = useWords();
  const locale = useLocale();
  const { device } = row;
  const isRead = device.domain.kind === 'gpu' && device.powerWatts !== null;
  const reasons = throttleWords(device.throttleReasons, (key) => t(key));
  return (
    <tr>
      <td className="cut" title={device.domain.name}>
        {device.domain.label}
      </td>
      {isTold && <FaultCells row={row} />}
      <td
        className={isHeldAgainstWill(device.throttleReasons) ? 'warn cut' : reasons.length > 0 ? 's cut' : 'q cut'}
        title={reasons.join(t('comma')) || undefined}
      >
        {reasons.length > 0 ? reasons.join(t('comma')) : isRead ? t('sensors.health.free') : missing}
      </td>
      <td className={isDisagreeing(device) ? 'warn cut' : 's cut'}>
        <Agreement ratio={device.disagreementRatio} />
      </td>
      <td className="n s">
        {device.idleWatts === null ? (
          <span className="q" title={t('sensors.health.notLearned')}>
            {missing}
          </span>
        ) : (
          valueText(formatPower(device.idleWatts, { locale, style: 'device' }))
        )}
      </td>
    </tr>
  );
}

function FaultCells({ row: { device, remap } }: { readonly row: HealthRow }) {
  const { t } = useWords();
  const { health } = device;
  const uncorrected = health?.eccUncorrectedCount ?? null;
  const tone = remapTone(remap.word);
  return (
    <>
      <td className="n s">
        <Count value={health?.eccCorrectedCount ?? null} />
      </td>
      <td className={uncorrected === null || uncorrected === 0 ? 'n s' : 'n crit b'}>
        <Count value={uncorrected} />
      </td>
      <td
        className={tone === 'plain' ? 's cut h-remap' : `${tone} cut h-remap`}
        title={tone === 'plain' ? undefined : t(`sensors.health.remapLong.${remap.word}`)}
      >
        {tone !== 'plain' && (
          <span className="h-sign">
            <Sign name={tone === 'crit' ? 'diamond' : 'triangle'} />
          </span>
        )}
        {remap.word === 'untold' ? (
          <span className="q" title={t('sensors.health.untold')}>
            {missing}
          </span>
        ) : (
          t(`sensors.health.remap.${remap.word}`, { count: remap.count })
        )}
      </td>
      <td className="cut">
        <Xid device={device} />
      </td>
    </>
  );
}

function Count({ value }: { readonly value: number | null }) {
  const { t } = useWords();
  const locale = useLocale();
  if (value !== null) return formatNumber(value, 0, locale);
  return (
    <span className="q" title={t('sensors.health.untold')}>
      {missing}
    </span>
  );
}

function Xid({ device }: { readonly device: LiveDevice }) {
  const { t } = useWords();
  const locale = useLocale();
  const nowMs = useNow();
  const xid = device.health?.xid ?? null;
  if (xid === null) return <span className="q">{device.health === null ? missing : t('sensors.health.noXid')}</span>;
  const text = t('sensors.health.xidAt', {
    code: xid.code,
    moment: formatMoment(xid.atMs, { locale, nowMs }),
  });
  return (
    <span className="warn" title={text}>
      {text}
    </span>
  );
}

function Agreement({ ratio }: { readonly ratio: number | null }) {
  const { t } = useWords();
  const locale = useLocale();
  if (ratio === null)
    return (
      <span className="q" title={t('sensors.health.oneOnly')}>
        {missing}
      </span>
    );
  if (Math.abs(ratio) < 0.0005) return t('run.facts.same');
  const share = differenceText(ratio, { locale });
  return t(ratio > 0 ? 'run.facts.more' : 'run.facts.less', { share });
}
