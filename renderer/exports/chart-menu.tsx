import type { TFunction } from 'i18next';
import { memo, type ReactNode, useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { useNotice } from '../app/announcer.tsx';
import type { ChartGap, TimeChartProps } from '../charts/chart-model.ts';
import { chartCsv } from '../charts/chart-values.ts';
import type { MetricChartProps } from '../charts/metric-chart.tsx';
import { type ChartAccount, type Drawer, metricFacts, timeFacts } from '../charts/time-picture.ts';
import { useEngine, useEngineState, useHost } from '../connection/connection-context.tsx';
import { safeFileName, saveFile } from '../connection/save-file.ts';
import { wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { Menu } from '../design/menu.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { ChartTable } from './chart-table.tsx';
import './exports.css';

export interface ChartMenuProps extends ChartAccount {
  /** What the chart is called on its page, where the picture's title says more. */
  readonly heading?: string;
  readonly chart:
    | { readonly kind: 'time'; readonly props: TimeChartProps }
    | { readonly kind: 'metric'; readonly props: MetricChartProps; readonly unit: string };
}

type SaveAs = 'svg' | 'png' | 'svgLight' | 'pngLight' | 'csv';

const mimeTypes = { svg: 'image/svg+xml', png: 'image/png', csv: 'text/csv;charset=utf-8' } as const;

/** Saves the chart beside it as it is drawn at that moment: a picture in the theme that is shown or on white, or its values. */
export function ChartMenu(props: ChartMenuProps): ReactNode {
  const latest = useRef(props);
  latest.current = props;
  const read = useCallback(() => latest.current, []);
  return <SaveMenu title={props.heading ?? props.title} kind={props.chart.kind} read={read} />;
}

interface SaveMenuProps {
  readonly title: string;
  readonly kind: ChartMenuProps['chart']['kind'];
  readonly read: () => ChartMenuProps;
}

/** Apart from the chart's values, so that a reading a second draws no menu anew. */
const SaveMenu = memo(function SaveMenu({ title, kind, read }: SaveMenuProps): ReactNode {
  const { t } = useTranslation('charts');
  const host = useHost();
  const showNotice = useNotice();
  const makeFile = useMakeFile();
  const [table, setTable] = useState<ChartMenuProps['chart'] | null>(null);
  const save = (as: SaveAs): void => {
    makeFile(read(), as)
      .then(async ({ fileName, content }) => {
        const saved = await saveFile({ fileName, content, label: t(`save.${as}`) }, host);
        if (saved.kind === 'cancelled') return;
        const { path } = saved;
        showNotice({
          text: t('save.saved', { name: path ?? fileName }),
          ...(path === null || host === null
            ? {}
            : { actionLabel: t('save.show'), onAction: () => void host.request('host.showFile', { path }) }),
        });
      })
      .catch((error: unknown) => showNotice({ text: failureText(wattrunError(error).code, t) }));
  };
  const kinds: readonly SaveAs[] = [
    'svg',
    'png',
    'svgLight',
    'pngLight',
    ...(kind === 'time' ? (['csv'] as const) : []),
  ];
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button
            look="ghost"
            size="small"
            icon="save"
            className="chart-save"
            aria-label={t('save.menu', { name: title })}
          />
        }
        items={[
          ...kinds.map((as) => ({ key: as, label: t(`save.${as}`), onSelect: () => save(as) })),
          ...(kind === 'time'
            ? [{ key: 'table', label: t('table.show'), onSelect: () => setTable(read().chart) }]
            : []),
        ]}
      />
      {table?.kind === 'time' && (
        <ChartTable
          title={title}
          props={table.props}
          onClose={() => setTable(null)}
          onSave={() => {
            setTable(null);
            save('csv');
          }}
        />
      )}
    </>
  );
});

function failureText(code: string, t: TFunction<'charts'>): string {
  if (code === 'store/full') return t('save.failedFull');
  if (code === 'store/unwritable') return t('save.failedUnwritable');
  return t('save.failed', { code });
}

/** Makes the file, with what the engine says of itself at its foot. */
function useMakeFile(): (
  props: ChartMenuProps,
  as: SaveAs,
) => Promise<{ readonly fileName: string; readonly content: Blob }> {
  const { t } = useTranslation(['charts', 'app']);
  const locale = useLocale();
  const { description } = useEngine();
  const isSimulated = useIsSimulated();
  return async (props, as) => {
    const { chart, title } = props;
    const drawer: Drawer = {
      version: description?.version ?? '',
      hostName: description?.hostName ?? '',
      hardware: description?.hardware ?? '',
      isSimulated,
      nowMs: Date.now(),
    };
    const inputs = {
      account: props,
      drawer,
      locale,
      words: (key: string, values?: Readonly<Record<string, string | number>>) =>
        t(key.startsWith('evidence.') ? `app:${key}` : key, { ...values }),
    };
    const extension = as.startsWith('svg') ? 'svg' : as.startsWith('png') ? 'png' : 'csv';
    const parts = [title, ...(isSimulated ? [t('picture.simulatedName')] : []), stampOf(drawer.nowMs)];
    const fileName = `${safeFileName(parts.join(' '))}.${extension}`;
    const blobOf = (text: string): Blob => new Blob([text], { type: mimeTypes[extension] });
    if (as === 'csv') return { fileName, content: blobOf(chart.kind === 'time' ? chartCsv(chart.props) : '') };
    // What only a picture needs comes when the first one is made.
    const { renderPng, renderSvg } = await import('../charts/chart-picture.ts');
    const picture = {
      facts: chart.kind === 'time' ? timeFacts(chart.props, inputs) : metricFacts(chart.props, chart.unit, inputs),
      chart:
        chart.kind === 'time'
          ? {
              kind: 'time' as const,
              props: chart.props,
              gapLabel: (gap: ChartGap): string =>
                gap.label ??
                t('app:chart.noReading', {
                  duration: formatExactDuration(secondsFromMs(gap.toMs - gap.fromMs), { locale }),
                }),
            }
          : { kind: 'metric' as const, props: chart.props },
      locale,
      more: (count: number) => t('picture.more', { count }),
    };
    const theme = as.endsWith('Light') ? 'paper' : shownPictureTheme();
    return {
      fileName,
      content: extension === 'svg' ? blobOf(renderSvg(picture, theme)) : await renderPng(picture, theme),
    };
  };
}

const useIsSimulated = (): boolean =>
  useEngineState((state) => state.live?.isSimulated ?? state.description?.isSimulated ?? false);

function shownPictureTheme(): 'light' | 'dark' | 'contrast' {
  const theme = document.documentElement.dataset.theme;
  return theme === 'dark' || theme === 'contrast' ? theme : 'light';
}

/** '2026-11-29 130512', local time: sorts by when it was drawn, and no two in one second. */
function stampOf(atMs: number): string {
  const moment = new Date(atMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day} ${two(moment.getHours())}${two(moment.getMinutes())}${two(moment.getSeconds())}`;
}
