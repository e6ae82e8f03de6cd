import { Fragment, useState } from 'react';
import { type EnergyUnit, formatEnergyEnds } from '../../shared/format/energy.ts';
import { figureTexts } from '../../shared/format/figure.ts';
import { type Comparison, compareRuns, type FigureRow, type SettingRow } from '../../shared/model/run-comparison.ts';
import { EvidenceMark } from '../design/evidence.tsx';
import { Checkbox } from '../design/switch.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import type { ComparedRun } from './compared-run.ts';
import { DifferenceCells } from './difference-cells.tsx';
import { RunKey } from './run-key.tsx';

/** With more runs than this the bars go: the numbers need the room. */
const mostWithBars = 3;

/** Every figure and setting, a column a run, held against the first. */
export function DifferencesTable({ runs }: { readonly runs: readonly ComparedRun[] }) {
  const { t } = useWords();
  const [isOnlyDifferent, setIsOnlyDifferent] = useState(true);
  const comparison: Comparison = compareRuns(runs.map(({ report }) => report));
  const isShown = ({ isDifferent }: { readonly isDifferent: boolean }): boolean => !isOnlyDifferent || isDifferent;
  const figures = comparison.figures.filter(isShown);
  const settings = comparison.settings.filter(isShown);
  const hasBars = runs.length <= mostWithBars;
  const name = runs[0]?.label ?? '';
  return (
    <section className="cp-diff">
      <div className="hd">
        <h2>{t('compare.differences.title')}</h2>
        <span className="q cut">
          {t(hasBars ? 'compare.differences.bars' : 'compare.differences.against', { name })}
        </span>
        <div className="r">
          <Checkbox label={t('compare.differences.only')} state={isOnlyDifferent} onChange={setIsOnlyDifferent} />
          <span className="cp-only">{t('compare.differences.only')}</span>
        </div>
      </div>
      {figures.length + settings.length === 0 ? (
        <p className="cp-none s">{t('compare.differences.none')}</p>
      ) : (
        <>
          {figures.length > 0 && <FigureTable rows={figures} runs={runs} hasBars={hasBars} />}
          {settings.length > 0 && <SettingsTable rows={settings} runs={runs} />}
        </>
      )}
    </section>
  );
}

function FigureTable({ rows, runs, hasBars }: ColumnsProps & { readonly rows: readonly FigureRow[] }) {
  const { t } = useWords();
  return (
    <section className="cp-scroll" aria-label={t('compare.differences.figures')}>
      <table className={hasBars ? 'tb d cp-table bars' : 'tb d cp-table'} aria-label={t('compare.differences.title')}>
        <TableHead runs={runs} hasBars={hasBars} />
        <tbody>
          {rows.map((row) => (
            <FigureLine key={row.id} row={row} runs={runs} hasBars={hasBars} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Texts need other columns than numbers: as wide as there is room, all alike. */
function SettingsTable({ rows, runs }: Pick<ColumnsProps, 'runs'> & { readonly rows: readonly SettingRow[] }) {
  const { t } = useWords();
  return (
    <section className="cp-scroll" aria-label={t('compare.differences.texts')}>
      <table className="tb d cp-table cp-texts" aria-label={t('compare.differences.settings')}>
        <thead>
          <tr>
            <th scope="col" className="c-name">
              {t('compare.differences.settings')}
            </th>
            {runs.map((run) => (
              <th scope="col" key={run.id} className="c-text" title={run.report.run.name}>
                <span className="row cp-start">
                  <RunKey run={run} />
                  {run.label}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <SettingLine key={`${row.id}/${row.tag}`} row={row} runs={runs} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface ColumnsProps {
  readonly runs: readonly ComparedRun[];
  readonly hasBars: boolean;
}

function TableHead({ runs, hasBars }: ColumnsProps) {
  const { t } = useWords();
  const name = runs[0]?.label ?? '';
  return (
    <thead>
      <tr>
        <th scope="col" className="c-name">
          <span className="vh">{t('compare.differences.figure')}</span>
        </th>
        <th scope="col" className="c-unit">
          <span className="vh">{t('compare.differences.unit')}</span>
        </th>
        {runs.map((run, index) => (
          <RunColumns key={run.id} run={run} against={index === 0 ? null : name} hasBars={hasBars} />
        ))}
      </tr>
    </thead>
  );
}

interface RunColumnsProps {
  readonly run: ComparedRun;
  readonly against: string | null;
  readonly hasBars: boolean;
}

function RunColumns({ run, against, hasBars }: RunColumnsProps) {
  const { t } = useWords();
  return (
    <>
      <th scope="col" className="n c-value" title={run.report.run.name}>
        <span className="row cp-end">
          <RunKey run={run} />
          {run.label}
        </span>
      </th>
      {against !== null && (
        <th scope="col" className="n c-diff">
          {t('compare.differences.column', { name: against })}
        </th>
      )}
      {against !== null && hasBars && (
        <th scope="col" className="c-bar">
          <span className="vh">{t('compare.differences.bar')}</span>
        </th>
      )}
    </>
  );
}

interface FigureLineProps extends ColumnsProps {
  readonly row: FigureRow;
}

function FigureLine({ row, runs, hasBars }: FigureLineProps) {
  const { t } = useWords();
  const locale = useLocale();
  const currencies = runs.map(({ report }) => report.cost?.currency ?? null);
  const { unit, cells } = figureTexts(row.unit, row.cells, { locale, currencies });
  const name =
    row.metric === null
      ? t([`progress:figure.${row.id}`, `compare.figure.${row.id}`])
      : t('compare.figure.metric', { metric: row.metric });
  return (
    <>
      <tr>
        <th scope="row">{name}</th>
        <td className="q">{unit}</td>
        {row.cells.map((cell, index) => (
          <DifferenceCells
            key={runs[index]?.id}
            cell={cell}
            better={row.better}
            text={cells[index]?.value ?? '–'}
            hasBars={hasBars}
          />
        ))}
      </tr>
      {row.id === 'energyJoules' && <BoundsLine runs={runs} hasBars={hasBars} unit={unit} />}
    </>
  );
}

const energyUnits: readonly EnergyUnit[] = ['J', 'Wh', 'kWh', 'MWh'];

/** Both ends of each energy: what every '≈ within bounds' stands on. */
function BoundsLine({ runs, hasBars, unit }: ColumnsProps & { readonly unit: string | null }) {
  const { t } = useWords();
  const locale = useLocale();
  const shared = energyUnits.find((each) => each === unit);
  return (
    <tr>
      <th scope="row">{t('compare.figure.bounds')}</th>
      <td className="q">{unit}</td>
      {runs.map(({ id, report: { energy } }, index) => {
        const bounds = { joules: energy.totalJoules, lowJoules: energy.lowJoules, highJoules: energy.highJoules };
        const ends = formatEnergyEnds(bounds, { locale, ...(shared === undefined ? {} : { unit: shared }) });
        return (
          <Fragment key={id}>
            <td className="n s">{ends === null ? <span className="q">–</span> : `${ends.low} – ${ends.high}`}</td>
            {index > 0 && <td colSpan={hasBars ? 2 : 1} />}
          </Fragment>
        );
      })}
    </tr>
  );
}

function SettingLine({ row, runs }: Pick<ColumnsProps, 'runs'> & { readonly row: SettingRow }) {
  const { t } = useWords();
  const name = row.id === 'tag' ? t('compare.setting.tag', { tag: row.tag }) : t(`compare.setting.${row.id}`);
  return (
    <tr className="cp-setting">
      <th scope="row">{name}</th>
      {row.cells.map((cell, index) => (
        <td key={runs[index]?.id}>
          <SettingText row={row} cell={cell} />
        </td>
      ))}
    </tr>
  );
}

function SettingText({ row, cell }: { readonly row: SettingRow; readonly cell: SettingRow['cells'][number] }) {
  const { t } = useWords();
  if (cell.text === null) return <span className={cell.isDifferent ? 'q cp-mark' : 'q'}>–</span>;
  if (row.id === 'evidence' || row.id === 'foundBy') {
    const word = t(row.id === 'evidence' ? `evidence.long.${cell.text}` : `run.foundBy.${cell.text}`);
    const provenance = (['counter', 'sensor', 'model', 'assumed'] as const).find((each) => each === cell.text);
    return (
      <span className={cell.isDifferent ? 'cp-mark' : undefined}>
        {row.id === 'evidence' && <EvidenceMark provenance={provenance ?? null} />} {word}
      </span>
    );
  }
  return (
    <span className={row.id === 'command' ? 'cp-words mono' : 'cp-words'} title={cell.text}>
      {cell.words.map((word, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: words have an order and nothing else
        <span key={index}>
          {index > 0 && ' '}
          {word.isDifferent ? <mark>{word.text}</mark> : word.text}
        </span>
      ))}
    </span>
  );
}
