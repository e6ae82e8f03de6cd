import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlertLevel, AlertRule } from '../../shared/model/alert.ts';
import type { DeviceState } from '../../shared/model/live.ts';
import type { RunStatus } from '../../shared/model/run.ts';
import { Sign, type SignName } from './sign.tsx';

/** A state by kind and word: shape, word, colour; the shape alone is enough. */
export type ShownState =
  | { readonly kind: 'device'; readonly state: DeviceState }
  | { readonly kind: 'run'; readonly state: RunStatus | 'paused' }
  | { readonly kind: 'alert'; readonly state: AlertLevel }
  | { readonly kind: 'rule'; readonly state: AlertRule['status']['state'] };

interface Look {
  readonly sign: SignName;
  readonly tone: '' | 'q' | 's' | 'acc' | 'warn' | 'crit' | 'bz';
}

const looks: { readonly [K in ShownState as K['kind']]: Readonly<Record<K['state'], Look>> } = {
  device: {
    busy: { sign: 'disc', tone: 'bz' },
    idle: { sign: 'ring', tone: 'q' },
    'held-idle': { sign: 'half', tone: 'warn' },
    throttled: { sign: 'down-triangle', tone: 'warn' },
    asleep: { sign: 'moon', tone: 's' },
    lost: { sign: 'cross', tone: 'crit' },
    unmeasured: { sign: 'barred', tone: 'q' },
  },
  run: {
    running: { sign: 'play', tone: 'acc' },
    paused: { sign: 'pause', tone: 'warn' },
    finished: { sign: 'tick', tone: 's' },
    stopped: { sign: 'ring-minus', tone: 'q' },
    interrupted: { sign: 'ring-dashed', tone: 'warn' },
    failed: { sign: 'disc-cross', tone: 'crit' },
  },
  alert: {
    note: { sign: 'info', tone: 'acc' },
    warning: { sign: 'triangle', tone: 'warn' },
    critical: { sign: 'diamond', tone: 'crit' },
  },
  rule: {
    armed: { sign: 'target', tone: 's' },
    counting: { sign: 'clock', tone: '' },
    firing: { sign: 'triangle', tone: 'warn' },
    snoozed: { sign: 'zed', tone: 'q' },
    off: { sign: 'barred', tone: 'q' },
  },
};

function lookOf(shown: ShownState): Look {
  switch (shown.kind) {
    case 'device':
      return looks.device[shown.state];
    case 'run':
      return looks.run[shown.state];
    case 'alert':
      return looks.alert[shown.state];
    case 'rule':
      return looks.rule[shown.state];
  }
}

interface StateGlyphProps {
  readonly of: ShownState;
  /** In place of the usual one. */
  readonly word?: ReactNode;
  /** What the state means. */
  readonly title?: string;
}

/** Shape and word: `<StateGlyph of={{ kind: 'run', state: run.status }} />`. */
export function StateGlyph({ of, word, title }: StateGlyphProps): ReactNode {
  const { t } = useTranslation();
  const look = lookOf(of);
  return (
    <span className={`st ${look.tone}`} title={title}>
      <Sign name={look.sign} />
      {word ?? t(`state.${of.kind}.${of.state}`)}
    </span>
  );
}

/** The shape alone, with its word for readers. `color` paints it in a run's colour. */
export function StateSign({ of, color }: { readonly of: ShownState; readonly color?: string }): ReactNode {
  const { t } = useTranslation();
  const look = lookOf(of);
  return (
    <span className={color === undefined ? look.tone : undefined} style={color === undefined ? undefined : { color }}>
      <Sign name={look.sign} label={t(`state.${of.kind}.${of.state}`)} />
    </span>
  );
}
