import type { RunEnvironment } from '../../shared/model/run-environment.ts';
import { environmentTexts, variableLines } from '../../shared/model/run-environment-texts.ts';
import { CopyButton } from '../design/command-line.tsx';
import { useRecordWords } from './use-record-words.ts';

const rows = ['os', 'cpu', 'gpus', 'driver', 'python', 'wattrunVersion'] as const;

/** What the run began in, each line as it was found then; all of it can be copied. */
export function RunEnvironmentSection({ environment }: { readonly environment: RunEnvironment | null }) {
  const { t } = useRecordWords();
  return (
    <section aria-label={t('environment.title')}>
      <div className="hd hl">
        <h2>{t('environment.title')}</h2>
        {environment !== null && (
          <div className="r">
            <CopyButton text={environmentText(environment, (key) => t(key))} look="ghost" icon="copy" />
          </div>
        )}
      </div>
      {environment === null ? <p className="sta q">{t('environment.none')}</p> : <Known environment={environment} />}
    </section>
  );
}

function Known({ environment }: { readonly environment: RunEnvironment }) {
  const { t } = useRecordWords();
  const texts = environmentTexts(environment);
  const lines = variableLines(environment);
  return (
    <>
      <dl className="dl">
        {rows.map((row) => {
          const text = texts[row];
          if (text === null) return null;
          return [
            <dt key={`${row}/name`}>{t(`environment.${row}`)}</dt>,
            <dd key={row} className="wrap">
              {text}
            </dd>,
          ];
        })}
        <dt>{t('environment.variables')}</dt>
        <dd className="q">{lines.length === 0 ? t('environment.noVariables') : lines.length}</dd>
      </dl>
      {lines.length > 0 && <pre className="cl env">{lines.join('\n')}</pre>}
    </>
  );
}

/** As lines that can be pasted into an issue or a paper's appendix. */
function environmentText(environment: RunEnvironment, words: (key: string) => string): string {
  const texts = environmentTexts(environment);
  const facts = rows.flatMap((row) => (texts[row] === null ? [] : [`${words(`environment.${row}`)}: ${texts[row]}`]));
  return [...facts, ...variableLines(environment)].join('\n');
}
