import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportFormat } from '../../shared/contract/engine-contract.ts';
import type { AlertRule } from '../../shared/model/alert.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import type { SourceReport } from '../../shared/model/sensors.ts';
import { useNotice } from '../app/announcer.tsx';
import { useRoute } from '../app/router.ts';
import { isSidebarWide } from '../app/sidebar-store.ts';
import {
  useCopyText,
  useEngine,
  useEngineState,
  useHost,
  useLive,
  useSettings,
} from '../connection/connection-context.tsx';
import { useRequest } from '../connection/use-request.ts';
import { engineWordsOf } from '../i18n/i18n.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useOpenMini } from '../mini/use-open-mini.ts';
import { useFormatLabel } from '../reports/use-format-label.ts';
import { useRunsView } from '../runs/runs-store.ts';
import { useExport } from '../runs/use-export.ts';
import type { CommandContext, Question } from './command.ts';
import { usePaletteWords } from './use-palette-words.ts';

/** As many runs as one answer may hold. */
const mostRuns = 10_000;
const nothing: readonly [] = [];

export interface KnownRecord {
  readonly runs: readonly RunSummary[];
  readonly rules: readonly AlertRule[];
  readonly formats: readonly ExportFormat[];
  readonly sources: readonly SourceReport[];
}

/** What commands are named after. Asked each time the palette opens; until the answer comes, what was known before. */
export function useKnownRecord(isOpen: boolean): KnownRecord {
  const options = { isEnabled: isOpen };
  const runs = useOfThisEngine(useRequest('runs.list', { limit: mostRuns }, options).data);
  const rules = useOfThisEngine(useRequest('alerts.list', {}, options).data);
  const formats = useOfThisEngine(useRequest('exports.list', {}, options).data);
  const sources = useOfThisEngine(useRequest('sensors.list', {}, options).data);
  const words = engineWordsOf(useTranslation().i18n);
  const formatLabel = useFormatLabel();
  return useMemo(
    () => ({
      runs: runs?.runs ?? nothing,
      rules: rules?.rules.map((rule) => ({ ...rule, name: words?.text(rule.name) ?? rule.name })) ?? nothing,
      formats: formats?.formats.map((format) => ({ ...format, label: formatLabel(format) })) ?? nothing,
      sources: sources?.sources ?? nothing,
    }),
    [runs, rules, formats, sources, words, formatLabel],
  );
}

/** An answer as long as the engine that gave it is the one spoken to: another one's runs are none of this one's. */
function useOfThisEngine<T>(data: T | null): T | null {
  const epoch = useEngineState((state) => state.epoch);
  const [known, setKnown] = useState<{ readonly data: T | null; readonly epoch: number }>({ data: null, epoch });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the epoch in which the answer came, not each later one
  useEffect(() => setKnown({ data, epoch }), [data]);
  return known.epoch === epoch ? known.data : null;
}

/** The app as it stands when the palette opens: its list does not change under the hand while readings come in. */
export function useCommandContext(record: KnownRecord, ask: (question: Question) => void): CommandContext {
  const words = usePaletteWords();
  const locale = useLocale();
  const { description, status, request } = useEngine();
  const live = useFirst(useLive());
  const settings = useFirst(useSettings());
  const host = useHost();
  const route = useFirst(useRoute());
  const selected = useRunsView((state) => state.selectedIds);
  const showNotice = useNotice();
  const copyText = useCopyText();
  const { start } = useExport();
  const openMini = useOpenMini();
  return useMemo(
    () => ({
      ...record,
      route,
      isConnected: status === 'connected',
      description,
      live,
      settings,
      selectedRunIds: [...selected],
      host,
      locale,
      isWide: isSidebarWide(),
      words,
      request,
      copyText,
      startExport: start,
      showNotice: (text: string) => showNotice({ text }),
      ask,
      openMini,
    }),
    [
      record,
      route,
      status,
      description,
      live,
      settings,
      selected,
      host,
      locale,
      words,
      request,
      copyText,
      start,
      showNotice,
      ask,
      openMini,
    ],
  );
}

/** The value at the first drawing. */
function useFirst<T>(value: T): T {
  const [first] = useState(() => value);
  return first;
}
