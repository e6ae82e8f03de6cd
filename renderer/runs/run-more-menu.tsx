import { useState } from 'react';
import type { RunReport } from '../../shared/model/run.ts';
import { navigate } from '../app/router.ts';
import { RecomputeDialog } from '../carbon/recompute-dialog.tsx';
import { useCarbonWords } from '../carbon/use-carbon-words.ts';
import type { CompareBefore } from '../compare/use-compare-before.ts';
import { Button } from '../design/button.tsx';
import { Icon } from '../design/icon.tsx';
import { Menu, type MenuItem } from '../design/menu.tsx';
import { useDeleteRuns } from './use-delete-runs.ts';
import { useDismissRun } from './use-dismiss-run.ts';
import { useNeighbours } from './use-neighbours.ts';
import { useRecordWords } from './use-record-words.ts';

interface RunMoreMenuProps {
  readonly report: RunReport;
  /** Offered here where it has no button of its own. */
  readonly beside: CompareBefore | null;
}

/** What is done with a run now and then. */
export function RunMoreMenu({ report, beside }: RunMoreMenuProps) {
  const { t } = useRecordWords();
  const { t: c } = useCarbonWords();
  const { run } = report;
  const neighbours = useNeighbours(run.id);
  const deleteRuns = useDeleteRuns();
  const dismiss = useDismissRun();
  const [isRecomputing, setRecomputing] = useState(false);
  const leave = (isDone: boolean): void => {
    if (isDone) navigate({ page: 'runs' });
  };
  const items: (MenuItem | null)[] = [
    beside && {
      key: 'compare',
      label: t('compare.withBefore', { name: beside.before.name }),
      onSelect: beside.compare,
    },
    neighbours && goItem('previous', 'K', neighbours.previous),
    neighbours && goItem('next', 'J', neighbours.next),
    { key: 'recompute', label: c('recompute.button'), onSelect: () => setRecomputing(true) },
    { key: 'print', label: t('print.button'), onSelect: () => window.print() },
    run.foundBy === 'process'
      ? {
          key: 'dismiss',
          label: t('runs.dismiss.button'),
          hint: t('runs.dismiss.hint'),
          onSelect: () => void dismiss(run.id, run.name).then(leave),
        }
      : null,
    run.status === 'running'
      ? null
      : {
          key: 'delete',
          label: t('runs.delete'),
          isDangerous: true,
          onSelect: () => void deleteRuns([run.id]).then(leave),
        },
  ];
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button>
            {t('run.more')}
            <Icon name="down" className="chev" />
          </Button>
        }
        items={items.filter((item) => item !== null)}
      />
      {isRecomputing && <RecomputeDialog report={report} onClose={() => setRecomputing(false)} />}
    </>
  );

  function goItem(to: 'previous' | 'next', shownKey: string, go: (() => void) | null): MenuItem {
    return { key: to, label: t(`run.${to}`), keys: [shownKey], isDisabled: go === null, onSelect: () => go?.() };
  }
}
