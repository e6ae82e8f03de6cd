import type { SourceReport } from '../../shared/model/sensors.ts';
import { Button } from '../design/button.tsx';
import { CommandLine } from '../design/command-line.tsx';
import { Icon } from '../design/icon.tsx';
import { Sign } from '../design/sign.tsx';
import { useWords } from '../i18n/use-words.ts';

interface NeedsYouProps {
  readonly sources: readonly SourceReport[];
  readonly isChecking: boolean;
  readonly onCheck: () => void;
}

/** Sources that one command mends: why they are silent, the command, and what it brings. */
export function NeedsYou({ sources, isChecking, onCheck }: NeedsYouProps) {
  const { t } = useWords();
  if (sources.length === 0) return null;
  return (
    <>
      <div className="hd tp">
        <h2>{t('sensors.needs.title')}</h2>
        <span className="q">{sources.length}</span>
      </div>
      {sources.map((source) => (
        <article className="nd" key={source.id}>
          <div className="row">
            <Sign name="info" className="warn" />
            <b className="nw">{source.label}</b>
            <span className="s cut">{source.measures}</span>
            <span className="grow" />
            <Button size="small" icon="refresh" isBusy={isChecking} onClick={onCheck}>
              {t('sensors.needs.check')}
            </Button>
          </div>
          {source.reason !== null && <p className="s">{source.reason}</p>}
          {source.remedies.map((remedy) => (
            <div className="rem" key={remedy.command}>
              <CommandLine command={remedy.command} />
              <p className="q">{remedy.effect}</p>
            </div>
          ))}
        </article>
      ))}
    </>
  );
}

/** Sources this machine does not have: nothing to do, so they are folded away with their reasons. */
export function NotHere({ sources }: { readonly sources: readonly SourceReport[] }) {
  const { t } = useWords();
  if (sources.length === 0) return null;
  return (
    <details className="tp absent">
      <summary className="hd">
        <Icon name="right" />
        <h2>{t('sensors.absent.title')}</h2>
        <span className="q">{t('sensors.absent.count', { count: sources.length })}</span>
      </summary>
      <ul className="nots">
        {sources.map((source) => (
          <li key={source.id}>
            <Sign name="barred" className="q" />
            <span className="nw">{source.label}</span>
            <span className="q why">{source.reason ?? source.measures}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
