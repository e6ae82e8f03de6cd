import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../../shared/format/duration.ts';
import { formatGibibytes } from '../../shared/format/memory.ts';
import { formatNumber, missing } from '../../shared/format/number-text.ts';
import { formatWattsColumn } from '../../shared/format/power.ts';
import { formatShare } from '../../shared/format/ratio.ts';
import type { LiveState } from '../../shared/model/live.ts';
import type { GpuProcesses, GpuProcessRow } from '../../shared/model/processes.ts';
import { percentFromRatio, secondsFromMs } from '../../shared/units.ts';
import { hrefTo } from '../app/router.ts';
import { useConnection, useLive } from '../connection/connection-context.tsx';
import { useRequest } from '../connection/use-request.ts';
import { EmptyState, FailedState, LoadingBars } from '../design/empty-state.tsx';
import { KeySwatch } from '../design/key-swatch.tsx';
import { seriesColor } from '../design/series.ts';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useRepeated } from '../runs/use-repeated.ts';
import { processOrder } from './process-order.ts';

const everyMs = 2000;
const columns = ['pid', 'run', 'command', 'user', 'gpu', 'sm', 'gib', 'watts', 'cpu', 'since'] as const;
const numeric: readonly string[] = ['pid', 'sm', 'gib', 'watts', 'cpu', 'since'];

/** Every process on a GPU: whose it is, what it holds and what it draws. */
export function ProcessesView(): ReactNode {
  const { t } = useTranslation();
  const live = useLive();
  const { status } = useConnection();
  const { data, error, retry } = useRequest('processes.read', {});
  useRepeated(retry, status === 'connected' ? everyMs : null);
  if (data === null && error !== null) return <FailedState what="table" error={error} onRetry={retry} />;
  if (data === null || live === null) return <LoadingBars widths={[48, 90, 72, 80]} />;
  const rows = processOrder(data.processes, live.devices);
  return (
    <section className="prc-sec sec" aria-label={t('live.processes.title')}>
      <div className="hd">
        <h2>{t('live.processes.title')}</h2>
        <span className="q">{rows.length}</span>
        <div className="r hide-n">{t('live.processes.rule')}</div>
      </div>
      {rows.length === 0 ? (
        <NoProcesses data={data} live={live} />
      ) : (
        <table className={status === 'connected' ? 'tb prc' : 'tb prc stale'} aria-label={t('live.processes.title')}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  scope="col"
                  key={column}
                  className={`p-${column}${numeric.includes(column) ? ' n' : ''}${column === 'user' ? ' hide-n' : ''}`}
                  title={column === 'cpu' ? t('live.processes.cpuHint') : undefined}
                >
                  {t(`live.processes.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ProcessRow key={`${row.pid} ${row.domainId}`} row={row} live={live} atMs={data.atMs} />
            ))}
          </tbody>
        </table>
      )}
      {rows.length > 0 && <Untold data={data} />}
    </section>
  );
}

function NoProcesses({ data, live }: { readonly data: GpuProcesses; readonly live: LiveState }): ReactNode {
  const { t } = useTranslation();
  const hasGpu = live.devices.some((device) => device.domain.kind === 'gpu');
  const word = !hasGpu ? 'noGpu' : data.untold.length > 0 ? 'untold' : 'idle';
  return (
    <EmptyState title={t(`live.processes.none.${word}.title`)}>
      {t(`live.processes.none.${word}.text`, { gpus: data.untold.join(', ') })}
    </EmptyState>
  );
}

function Untold({ data }: { readonly data: GpuProcesses }): ReactNode {
  const { t } = useTranslation();
  if (data.untold.length === 0) return null;
  return <p className="q prc-untold">{t('live.processes.untold', { gpus: data.untold.join(', ') })}</p>;
}

interface RowProps {
  readonly row: GpuProcessRow;
  readonly live: LiveState;
  readonly atMs: number;
}

function ProcessRow({ row, live, atMs }: RowProps): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const run = live.runs.find(({ id }) => id === row.runId) ?? null;
  const device = live.devices.find(({ domain }) => domain.id === row.domainId) ?? null;
  const cpuPercent = row.cpuCores === null ? null : percentFromRatio(row.cpuCores);
  return (
    <tr>
      <td className="n">{row.pid}</td>
      <td className="cut">
        <span className="row">
          <KeySwatch color={run === null ? 'none' : seriesColor(run.colorIndex)} />
          {run === null ? (
            <span className={device?.state === 'held-idle' ? 'warn cut' : 's cut'}>{t('live.processes.noRun')}</span>
          ) : (
            <a className="plain cut" href={hrefTo({ page: 'run', runId: run.id })}>
              {run.name}
            </a>
          )}
        </span>
      </td>
      <td className="s mono cut" title={row.command ?? undefined}>
        {row.command ?? missing}
      </td>
      <td className="s cut hide-n">{row.user ?? missing}</td>
      <td className="s cut" title={device?.domain.name}>
        {device?.domain.label ?? missing}
      </td>
      <td className="n">{formatShare(row.smRatio, { locale })}</td>
      <td className="n">{formatGibibytes(row.memoryUsedBytes, { locale })}</td>
      <td className="n b">
        {row.splitBy === 'equal' && (
          <span
            className="m prc-mark"
            role="img"
            aria-label={t('live.processes.equal')}
            title={t('live.processes.equal')}
          >
            <Sign name="assumed" />
          </span>
        )}
        <span title={row.powerWatts === null ? t('live.processes.noShare') : undefined}>
          {formatWattsColumn(row.powerWatts, { locale })}
        </span>
      </td>
      <td className="n">{cpuPercent === null ? missing : formatNumber(cpuPercent, cpuPercent < 10 ? 1 : 0, locale)}</td>
      <td className="n s">
        {row.startedAtMs === null
          ? missing
          : formatDuration(Math.max(0, secondsFromMs(atMs - row.startedAtMs)), { locale, isWhole: true })}
      </td>
    </tr>
  );
}
