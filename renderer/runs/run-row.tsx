import { type MouseEvent, memo, useMemo } from 'react';
import { formatDuration } from '../../shared/format/duration.ts';
import { formatMoment } from '../../shared/format/moment.ts';
import { formatAmount, formatMoney } from '../../shared/format/money.ts';
import { formatWattsColumn } from '../../shared/format/power.ts';
import { formatCoverage } from '../../shared/format/ratio.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { hrefTo, navigate } from '../app/router.ts';
import { BoundsBar } from '../design/bar.tsx';
import { EvidenceMark } from '../design/evidence.tsx';
import { GapSwatch, KeySwatch } from '../design/key-swatch.tsx';
import { seriesColor } from '../design/series.ts';
import { Checkbox } from '../design/switch.tsx';
import { useWords } from '../i18n/use-words.ts';
import { RenameField } from './rename-field.tsx';
import { shortDeviceWords } from './run-devices.ts';
import { shortTagTexts, tagTexts } from './run-filter.ts';
import { type RunRowText, type RunTableScale, rowText } from './run-row-text.ts';
import { RunStateGlyph } from './run-state-glyph.tsx';
import { extendSelection, focusRun, renameInPlace, toggleSelected } from './runs-store.ts';

interface RunRowProps {
  readonly run: RunSummary;
  readonly scale: RunTableScale;
  readonly locale: string;
  /** Changes once a day, so that 'Today' is right and rows are not drawn anew each tick. */
  readonly dayMs: number;
  readonly rowIndex: number;
  readonly isSelected: boolean;
  readonly isFocused: boolean;
  readonly isRenamed: boolean;
}

/** Share of the time with readings below which the gap mark stands beside the number. */
const wellSeen = 0.95;
const shownTags = 2;

function RunRowView(props: RunRowProps) {
  const { run, isSelected, isFocused, rowIndex } = props;
  const { t } = useWords();
  // Put together once: selecting all draws the box of every row anew.
  const label = useMemo(() => t('runs.select', { name: run.name }), [t, run.name]);
  const click = (event: MouseEvent<HTMLTableRowElement>): void => {
    if (event.target instanceof Element && event.target.closest('a,button,input') !== null) return;
    if (event.shiftKey) extendSelection(run.id);
    else if (event.ctrlKey || event.metaKey) toggleSelected(run.id);
    else {
      focusRun(run.id);
      navigate({ page: 'run', runId: run.id });
    }
  };
  return (
    <tr
      className={`${isSelected ? 'sel' : ''}${isFocused ? ' foc' : ''}${run.status === 'running' ? ' now' : ''}`}
      data-run={run.id}
      aria-rowindex={rowIndex}
      aria-selected={isSelected}
      onClick={click}
    >
      <td>
        <Checkbox label={label} state={isSelected} onChange={() => toggleSelected(run.id)} />
      </td>
      <RunCells run={run} scale={props.scale} locale={props.locale} dayMs={props.dayMs} isRenamed={props.isRenamed} />
    </tr>
  );
}

export const RunRow = memo(RunRowView);

/** What a row says of its run: the same whether it is selected or not. */
const RunCells = memo(function RunCells(props: Pick<RunRowProps, 'run' | 'scale' | 'locale' | 'dayMs' | 'isRenamed'>) {
  const { run, scale, locale } = props;
  const { t } = useWords();
  const text = rowText(run, scale, locale);
  const tags = tagTexts(run.tags);
  const shortTags = shortTagTexts(run.tags);
  const isThin = run.coverage < wellSeen;
  return (
    <>
      <td>
        <RunStateGlyph run={run} />
      </td>
      <td className="c-name">
        <span className="run-cell">
          {run.status === 'running' && <KeySwatch color={seriesColor(run.colorIndex)} />}
          {props.isRenamed ? (
            <RenameField runId={run.id} name={run.name} className="row-field" onDone={() => renameInPlace(null)} />
          ) : (
            <a className="run-name cut" href={hrefTo({ page: 'run', runId: run.id })} title={run.name}>
              {run.name}
            </a>
          )}
          {run.foundBy === 'process' && (
            <span className="found" title={t('run.found.hint')}>
              {t('run.found.short')}
            </span>
          )}
          {tags.slice(0, shownTags).map((tag, index) => (
            <span className="tag" key={tag} title={tag}>
              {shortTags[index]}
            </span>
          ))}
          {tags.length > shownTags && (
            <span className="tag" title={tags.slice(shownTags).join(', ')}>
              +{tags.length - shownTags}
            </span>
          )}
        </span>
      </td>
      <td className="s cut c-project">{run.project ?? <span className="q">–</span>}</td>
      <td className="s cut c-devices" title={run.devices}>
        {run.devices === '' ? <span className="q">–</span> : shortDeviceWords(run.devices)}
      </td>
      <td className="s">{formatMoment(Date.parse(run.startedAt), { locale, nowMs: props.dayMs })}</td>
      <td className="n">
        {formatDuration(run.durationSeconds, { locale, isTight: true, isWhole: run.endedAt === null })}
      </td>
      <td className="n b">
        <Padded text={text.energy} tail={text.energyTail} />
      </td>
      <td className="pm pmc">{text.energyBand}</td>
      <td className="c-bar">
        {run.totalJoules !== null && <EnergyBar run={run} text={text} axisJoules={scale.axisJoules} />}
      </td>
      <td className="c-evidence">
        <EvidenceMark provenance={run.provenance} />
      </td>
      <td className="n c-emissions">
        <Padded text={text.emissions} tail={text.emissionsTail} />
      </td>
      <td className="n c-cost">
        <Cost run={run} currency={scale.currency} locale={locale} />
      </td>
      <td className="n c-power">{run.meanWatts === null ? <Dash /> : formatWattsColumn(run.meanWatts, { locale })}</td>
      <td className={isThin ? 'n warn' : 'n s'}>
        {isThin && <GapSwatch />} {formatCoverage(run.coverage, { locale })}
      </td>
    </>
  );
});

function Dash() {
  return <span className="q">–</span>;
}

function Padded({ text, tail }: { readonly text: string; readonly tail: string }) {
  return (
    <span className={text === '–' ? 'dec q' : 'dec'}>
      {text}
      <i aria-hidden="true">{tail}</i>
    </span>
  );
}

interface EnergyBarProps {
  readonly run: RunSummary;
  readonly text: RunRowText;
  readonly axisJoules: number;
}

function EnergyBar({ run, text, axisJoules }: EnergyBarProps) {
  const value = run.totalJoules ?? 0;
  return (
    <BoundsBar
      low={run.lowJoules ?? value}
      value={value}
      high={run.highJoules ?? value}
      max={axisJoules}
      label={`${text.energy} ${text.energyBand ?? ''}`}
    />
  );
}

interface CostProps {
  readonly run: RunSummary;
  readonly currency: string | null;
  readonly locale: string;
}

function Cost({ run, currency, locale }: CostProps) {
  const { cost } = run;
  if (cost === null || cost.amount === null) return <Dash />;
  const options = { locale, currency: cost.currency };
  return currency === null ? formatMoney(cost.amount, options) : formatAmount(cost.amount, options);
}
