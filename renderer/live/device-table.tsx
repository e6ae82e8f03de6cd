import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { energyUnitForColumn } from '../../shared/format/energy.ts';
import { isSummed } from '../../shared/model/domain.ts';
import type { LiveDevice, LiveState } from '../../shared/model/live.ts';
import { hrefTo } from '../app/router.ts';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { DeviceRow } from './device-row.tsx';
import { deviceTexts } from './device-texts.ts';
import type { TimeWindow } from './time-window.ts';
import { type SeriesAsked, useHistory } from './use-history.ts';
import { useWindowWords } from './use-sentence.ts';

interface DeviceTableProps {
  readonly live: LiveState;
  readonly isStale: boolean;
  readonly window: TimeWindow;
}

const sparkBuckets = 90;
const columnClasses = Array.from({ length: 13 }, (_, index) => `k${index + 1}`);
/** Cells of the last row that are hatched: everything that is not measured. */
const hatchedCells = ['limit', 'trend', 'load', 'loadTrend', 'gib', 'memory', 'celsius', 'mhz'] as const;

/** Every device with its state, run, power, load, memory, heat and energy: the legend of the charts as well. */
export function DeviceTable({ live, isStale, window }: DeviceTableProps): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const windowWords = useWindowWords();
  const { columns, range } = useHistory(window, { maxPoints: sparkBuckets, series: sparkSeries(live.devices) });
  const positions = columns?.timesMs.map((at) => (at - range.fromMs) / (range.toMs - range.fromMs));
  const unit = energyUnitForColumn(live.devices.map((device) => device.energyTodayJoules));
  const texts = deviceTexts(live.devices, { locale, unit });
  const wattsMax = Math.max(...live.devices.map((device) => device.limitWatts ?? device.powerWatts ?? 0), 1);
  const span = window.kind === 'live' ? t(`live.windows.${window.key}`) : windowWords(window);
  const hasWall = live.devices.some((device) => device.domain.kind === 'wall' && device.powerWatts !== null);
  return (
    <section className="mx sec" aria-label={t('live.table.label')}>
      <table className="tb d">
        <colgroup>
          {columnClasses.map((name) => (
            <col key={name} className={name} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col">{t('live.table.device')}</th>
            <th scope="col">{t('live.table.state')}</th>
            <th scope="col">{t('live.table.run')}</th>
            <th scope="col" className="n">
              {t('live.table.watts')}
            </th>
            <th scope="col">{t('live.table.ofLimit')}</th>
            <th scope="col" className="cut">
              {span}
            </th>
            <th scope="col" className="n">
              {t('live.table.sm')}
            </th>
            <th scope="col" className="cut">
              {span}
            </th>
            <th scope="col" className="n">
              {t('live.table.gib')}
            </th>
            <th scope="col">{t('live.table.memory')}</th>
            <th scope="col" className="n">
              {t('live.table.celsius')}
            </th>
            <th scope="col" className="n">
              {t('live.table.mhz')}
            </th>
            <th scope="col" className="n">
              {t('live.table.kwhToday', { unit })}
            </th>
          </tr>
        </thead>
        <tbody className={isStale ? 'stale' : undefined}>
          {live.devices.every((device) => device.domain.kind !== 'gpu') && <NoGpuRow />}
          {live.devices.map((device, index) => (
            <DeviceRow
              key={device.domain.id}
              device={device}
              live={live}
              text={texts[index]}
              power={columns?.byKey.get(powerKey(device))?.mean}
              load={columns?.byKey.get(loadKey(device))?.mean}
              positions={positions}
              powerMax={device.limitWatts ?? wattsMax}
              isPart={isSummed(device.domain.kind)}
            />
          ))}
          {!hasWall && <RestRow />}
        </tbody>
      </table>
    </section>
  );
}

const powerKey = (device: LiveDevice): string => `power ${device.domain.id}`;
const loadKey = (device: LiveDevice): string => `load ${device.domain.id}`;
/** The contract takes 256 series; a machine with more devices shows no sparks for the rest. */
const mostDevices = 128;

function sparkSeries(devices: readonly LiveDevice[]): SeriesAsked {
  return devices.slice(0, mostDevices).flatMap((device) => {
    const of = { kind: 'domain' as const, domainId: device.domain.id };
    return [
      { key: powerKey(device), of, quantity: 'powerWatts' as const },
      { key: loadKey(device), of, quantity: 'utilizationRatio' as const },
    ];
  });
}

function NoGpuRow(): ReactNode {
  const { t } = useTranslation();
  return (
    <tr>
      <td colSpan={13} className="s">
        <b>{t('live.table.noGpu')}</b> {t('live.table.noGpuText')}{' '}
        <a href={hrefTo({ page: 'sensors' })}>{t('live.table.seeSensors')}</a>
      </td>
    </tr>
  );
}

/** What no sensor sees is a hatched row, never silence. */
function RestRow(): ReactNode {
  const { t } = useTranslation();
  return (
    <tr className="rest">
      <td>
        <span className="row">
          <i className="key ht" />
          {t('live.table.rest')}
        </span>
      </td>
      <td>
        <span className="st q">
          <Sign name="barred" />
          {t('state.device.unmeasured')}
        </span>
      </td>
      <td className="s cut" title={t('live.table.restWhole')}>
        {t('live.table.restParts')}
      </td>
      <td className="n q">–</td>
      {hatchedCells.map((cell) => (
        <td key={cell} className="hc">
          <span className="ht rest-hatch" />
        </td>
      ))}
      <td className="n">
        <a href={hrefTo({ page: 'sensors' })}>{t('live.table.seeSensors')}</a>
      </td>
    </tr>
  );
}
