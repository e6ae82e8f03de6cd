import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  PointerSensor,
  type UniqueIdentifier,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { rectSortingStrategy, SortableContext, useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type ChosenChart, withChartAt } from './chart-layout.ts';
import { chooseCharts } from './charts-store.ts';

interface ArrangedChartsProps {
  readonly charts: readonly ChosenChart[];
  readonly isArranging: boolean;
  readonly children: (chart: ChosenChart, place: number) => ReactNode;
}

/** The charts in their order; while they are arranged a pointer can carry them elsewhere by their handle. */
export function ArrangedCharts({ charts, isArranging, children }: ArrangedChartsProps): ReactNode {
  const { t } = useTranslation(['charts', 'app']);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }));
  const announcements = useAnnouncements(charts);
  const drop = ({ active, over }: DragEndEvent): void => {
    if (over === null || active.id === over.id) return;
    const place = charts.findIndex(({ id }) => id === over.id);
    chooseCharts((all) => withChartAt(all, String(active.id), place));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={drop}
      accessibility={{ announcements, screenReaderInstructions: { draggable: t('dragging.how') } }}
    >
      <SortableContext items={charts.map(({ id }) => id)} strategy={rectSortingStrategy} disabled={!isArranging}>
        <div className={isArranging ? 'g6 arranging' : 'g6'}>
          {charts.map((chart, place) => (
            <Place key={chart.id} chart={chart}>
              {children(chart, place)}
            </Place>
          ))}
        </div>
      </SortableContext>
    </DndContext>
  );
}

function useAnnouncements(charts: readonly ChosenChart[]): Announcements {
  const { t } = useTranslation(['charts', 'app']);
  return useMemo(() => {
    const placeOf = (id: UniqueIdentifier): number => charts.findIndex((chart) => chart.id === id);
    const nameOf = (id: UniqueIdentifier): string => {
      const chart = charts[placeOf(id)];
      return chart === undefined ? '' : t(`app:live.six.${chart.name}`);
    };
    const facts = (active: UniqueIdentifier, over: UniqueIdentifier) => ({
      name: nameOf(active),
      place: placeOf(over) + 1,
      count: charts.length,
    });
    return {
      onDragStart: ({ active }) => t('dragging.lifted', { name: nameOf(active.id) }),
      onDragOver: ({ active, over }) => (over === null ? undefined : t('dragging.over', facts(active.id, over.id))),
      onDragEnd: ({ active, over }) => t('dragging.dropped', facts(active.id, over?.id ?? active.id)),
      onDragCancel: ({ active }) => t('dragging.cancelled', { name: nameOf(active.id) }),
    };
  }, [charts, t]);
}

type Handle = Pick<ReturnType<typeof useSortable>, 'listeners' | 'setActivatorNodeRef'>;
const HandleContext = createContext<Handle | null>(null);

/** What a handle needs so that a pointer can carry its chart. */
export const useDragHandle = (): Handle | null => useContext(HandleContext);

function Place({ chart, children }: { readonly chart: ChosenChart; readonly children: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const { listeners, setNodeRef, setActivatorNodeRef, transform, isDragging } = useSortable({
    id: chart.id,
    // Nothing slides: what is carried follows the hand, and the rest is at its place at once.
    transition: null,
  });
  const handle = useMemo(() => ({ listeners, setActivatorNodeRef }), [listeners, setActivatorNodeRef]);
  const classes = [chart.width === 'full' ? 'full' : '', isDragging ? 'carried' : ''].filter((each) => each !== '');
  return (
    <section
      ref={setNodeRef}
      className={classes.join(' ')}
      aria-label={t(`live.six.${chart.name}`)}
      style={{ transform: CSS.Translate.toString(transform) }}
    >
      <HandleContext value={handle}>{children}</HandleContext>
    </section>
  );
}
