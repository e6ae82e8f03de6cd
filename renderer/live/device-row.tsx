import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatEnergyWithBounds, formatJoules } from '../../shared/format/energy.ts';
import { formatGibibytes, formatMemory } from '../../shared/format/memory.ts';
import { formatClock } from '../../shared/format/moment.ts';
import { formatMoney } from '../../shared/format/money.ts';
import { formatNumber, missing } from '../../shared/format/number-text.ts';
import { formatPower } from '../../shared/format/power.ts';
import { quantityText, valueText } from '../../shared/format/quantity.ts';
import { formatShare } from '../../shared/format/ratio.ts';
import { formatTemperature } from '../../shared/format/temperature.ts';
import type { LiveDevice, LiveState } from '../../shared/model/live.ts';
import { hrefTo } from '../app/router.ts';
import { BarOfLimit } from '../design/bar.tsx';
import { EvidenceMark } from '../design/evidence.tsx';
import { KeySwatch } from '../design/key-swatch.tsx';
import { type SeriesColor, seriesColor } from '../design/series.ts';
import { Sign } from '../design/sign.tsx';
import { Sparkline } from '../design/sparkline.tsx';
import { StateGlyph } from '../design/state-glyph.tsx';
import { Tip, TipRow } from '../design/tip.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { idleNote, isDisagreeing, throttleWords } from './device-facts.ts';
import { deviceRowId } from './device-row-id.ts';
import type { AlignedText, DeviceText } from './device-texts.ts';
import { DeviceTip, disagreementWords } from './device-tip.tsx';
import type { Values } from './history-columns.ts';

interface DeviceRowProps {
  readonly device: LiveDevice;
  readonly live: LiveState;
  readonly text: DeviceText | undefined;
  readonly power: Values | undefined;
  readonly load: Values | undefined;
  /** Where each reading of the trends stands in the window, 0…1. */
  readonly positions: readonly number[] | undefined;
  readonly powerMax: number;
  /** False for what contains other rows, as a wall meter does: shown beside the sum, never in it. */
  readonly isPart: boolean;
}

export function DeviceRow(props: DeviceRowProps): ReactNode {
  const { device, live, text, power, load, positions, powerMax, isPart } = props;
  const { t } = useTranslation();
  const locale = useLocale();
  const runs = live.runs.filter((run) => device.runIds.includes(run.id));
  const first = runs[0];
  // What several runs share belongs to none of them alone.
  const color: SeriesColor | 'none' = first === undefined || runs.length > 1 ? 'none' : seriesColor(first.colorIndex);
  const tint = first?.deviceIds.indexOf(device.domain.id) ?? -1;
  const css = color === 'none' ? 'var(--none)' : `var(--${color})`;
  const isLimited = device.state === 'throttled';
  const isGpu = device.domain.kind === 'gpu';
  return (
    <tr id={deviceRowId(device.domain.id)} tabIndex={-1}>
      <th scope="row" className="dev">
        <span className="row" title={device.domain.name}>
          <KeySwatch color={color} {...(isGpu && tint >= 0 ? { tint } : {})} />
          <span className={isPart ? 'cut' : 'cut s'}>{device.domain.label}</span>
        </span>
      </th>
      <td>
        <span title={stateTitle(device, t)}>
          <StateGlyph of={{ kind: 'device', state: device.state }} />
        </span>
      </td>
      <td className="s cut">
        {first === undefined ? (
          <NoRun device={device} />
        ) : runs.length === 1 ? (
          <a className="plain" href={hrefTo({ page: 'run', runId: first.id })}>
            {first.name}
          </a>
        ) : (
          t('live.table.runs', { count: runs.length })
        )}
      </td>
      <td className="n b">
        <WattsCell device={device} text={text?.watts} />
      </td>
      <td>{limitCell(device, css, t, locale)}</td>
      <td className="sp">
        {power !== undefined && <Trend values={power} positions={positions} max={powerMax} color={css} name="watts" />}
      </td>
      <td className="n">{formatShare(device.utilizationRatio, { locale })}</td>
      <td className="sp">
        {load !== undefined && <Trend values={load} positions={positions} max={1.04} color={css} name="sm" />}
      </td>
      <td className="n">{formatGibibytes(device.memoryUsedBytes, { locale })}</td>
      <td>{memoryCell(device, css, t, locale)}</td>
      <td className={isLimited ? 'n warn b' : 'n'}>{formatTemperature(device.temperatureCelsius, { locale })}</td>
      <td className={isLimited ? 'n warn b' : 'n'}>
        {device.clockMegahertz === null ? missing : formatNumber(device.clockMegahertz, 0, locale)}
      </td>
      <td className="n">
        <EnergyCell device={device} live={live} text={text?.energy} />
      </td>
    </tr>
  );
}

type Translate = ReturnType<typeof useTranslation>['t'];

/** What the state's word leaves open: why there is no reading, what holds it back, what is held. */
function stateTitle(device: LiveDevice, t: Translate): string | undefined {
  if (device.note !== null) return device.note;
  const reasons = throttleWords(device.throttleReasons, (key) => t(key));
  if (reasons.length > 0) return t('live.tip.heldBack', { reasons: reasons.join(', ') });
  return device.state === 'held-idle' ? t('live.table.heldLong') : undefined;
}

function NoRun({ device }: { readonly device: LiveDevice }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const note = idleNote(device);
  if (note === 'held')
    return (
      <span className="warn" title={t('live.table.heldLong')}>
        {t('live.table.held')}
      </span>
    );
  if (note === 'since')
    return (
      <span className="q" title={device.note ?? undefined}>
        {t('live.table.since', { time: formatClock(device.stateSinceMs, { locale }) })}
      </span>
    );
  return (
    <span className="q" title={device.note ?? undefined}>
      {device.domain.kind === 'gpu' ? missing : device.domain.name}
    </span>
  );
}

function WattsCell({
  device,
  text,
}: {
  readonly device: LiveDevice;
  readonly text: AlignedText | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  if (device.powerWatts === null) return <Aligned text={text} />;
  return (
    <span className="row tight end">
      {isDisagreeing(device) && (
        <Sign
          name="unequal"
          className="q"
          label={disagreementWords(device.disagreementRatio ?? 0, (key, values) => t(key, { ...values }), locale)}
        />
      )}
      <Tip side="right" content={<DeviceTip device={device} />}>
        <Aligned text={text} />
      </Tip>
    </span>
  );
}

function Trend(props: {
  readonly values: Values;
  readonly positions: readonly number[] | undefined;
  readonly max: number;
  readonly color: string;
  readonly name: 'watts' | 'sm';
}) {
  const { t } = useTranslation();
  if (props.values.every((value) => value === null)) return null;
  return (
    <Sparkline
      values={props.values}
      positions={props.positions}
      max={props.max}
      color={props.color}
      label={t(`live.table.${props.name}`)}
    />
  );
}

function limitCell(device: LiveDevice, color: string, t: Translate, locale: string): ReactNode {
  if (device.limitWatts === null)
    return device.powerWatts === null ? null : <span className="q">{t('live.table.noLimit')}</span>;
  const ratio = device.powerWatts === null ? null : device.powerWatts / device.limitWatts;
  const limit = valueText(formatPower(device.limitWatts, { locale }));
  return (
    <BarOfLimit
      ratio={ratio}
      color={color}
      label={t('live.table.limitSentence', { share: formatShare(ratio, { locale }), limit })}
    />
  );
}

function memoryCell(device: LiveDevice, color: string, t: Translate, locale: string): ReactNode {
  const total = device.memoryTotalBytes;
  if (total === null || total === 0 || device.memoryUsedBytes === null) return null;
  const ratio = device.memoryUsedBytes / total;
  return (
    <BarOfLimit
      ratio={ratio}
      color={color}
      label={t('live.table.memorySentence', {
        share: formatShare(ratio, { locale }),
        total: valueText(formatMemory(total, { locale })),
      })}
    />
  );
}

function EnergyCell({
  device,
  live,
  text,
}: {
  readonly device: LiveDevice;
  readonly live: LiveState;
  readonly text: AlignedText | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const joules = device.energyTodayJoules;
  if (joules === null) return <span className="q">{missing}</span>;
  const bounded = formatEnergyWithBounds(
    { joules, lowJoules: device.lowTodayJoules, highJoules: device.highTodayJoules },
    { locale },
  );
  const { price, today } = live;
  // By the day's mean price: which hour this device drew in is not kept.
  const cost =
    price === null || today.costAmount === null || !today.energyJoules
      ? null
      : formatMoney((today.costAmount * joules) / today.energyJoules, { locale, currency: price.currency });
  const tip = (
    <>
      <TipRow end={cost}>
        <b>{quantityText(bounded)}</b>
      </TipRow>
      <TipRow>
        <EvidenceMark provenance={device.provenance} />
        {`${t(`evidence.long.${device.provenance}`)}, ${device.source}`}
      </TipRow>
      <TipRow>
        <span className="q">{t('live.figures.joules', { joules: valueText(formatJoules(joules, { locale })) })}</span>
      </TipRow>
    </>
  );
  return (
    <span className="row tight end">
      <Tip side="left" content={tip}>
        <Aligned text={text} />
      </Tip>
      <EvidenceMark provenance={device.provenance} />
    </span>
  );
}

function Aligned({ text }: { readonly text: AlignedText | undefined }): ReactNode {
  if (text === undefined || text.text === missing) return <span className="q">{missing}</span>;
  return (
    <span className="dec">
      {text.text}
      <i aria-hidden="true">{text.tail}</i>
    </span>
  );
}
