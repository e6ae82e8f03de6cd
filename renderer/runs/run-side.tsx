import { useState } from 'react';
import { shellCommand } from '../../shared/format/shell-command.ts';
import { statementText } from '../../shared/format/statement.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { deviceWords } from '../../shared/model/run-devices.ts';
import { hrefTo } from '../app/router.ts';
import { Button } from '../design/button.tsx';
import { CopyButton } from '../design/command-line.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { wrappedCommand } from './run-command.ts';
import { RunEnvironmentSection } from './run-environment-section.tsx';
import { RunEventList } from './run-event-list.tsx';
import { tagTexts } from './run-filter.ts';
import { RunNotes } from './run-notes.tsx';
import { setFilters } from './runs-store.ts';
import { TagDialog } from './tag-dialog.tsx';
import { useRecordWords } from './use-record-words.ts';

interface RunSideProps {
  readonly report: RunReport;
  readonly nowMs: number;
}

/** What the run was, what happened in it, what to say of it, and what someone wrote down. */
export function RunSide({ report, nowMs }: RunSideProps) {
  const { t } = useWords();
  const locale = useLocale();
  const statement = statementText(report, (key, values) => t(key, { ...values }), locale);
  return (
    <aside className="right" aria-label={t('run.side')}>
      <Command command={report.run.command} />
      <Facts report={report} />
      <RunEnvironmentSection environment={report.environment} />
      <RunEventList report={report} nowMs={nowMs} />
      <div className="hd hl">
        <h2>{t('run.statement.title')}</h2>
        <div className="r">
          <CopyButton text={statement} look="ghost" icon="copy" />
        </div>
      </div>
      <p className="sta">{statement}</p>
      <RunNotes runId={report.run.id} notes={report.run.notes} />
    </aside>
  );
}

function Command({ command }: { readonly command: readonly string[] | null }) {
  const { t } = useWords();
  return (
    <>
      <div className="hd">
        <h2>{t('run.command')}</h2>
        {command !== null && (
          <div className="r">
            <CopyButton text={shellCommand(command)} look="ghost" icon="copy" />
          </div>
        )}
      </div>
      {command === null ? (
        <p className="sta q">{t('run.noCommand')}</p>
      ) : (
        <pre className="cl">{wrappedCommand(command)}</pre>
      )}
    </>
  );
}

function Facts({ report }: { readonly report: RunReport }) {
  const { t } = useRecordWords();
  const [isTagging, setIsTagging] = useState(false);
  const { run } = report;
  const devices = deviceWords(report.energy.domains);
  const tags = tagTexts(run.tags);
  return (
    <dl className="dl">
      <dt>{t('run.fact.project')}</dt>
      <dd className="cut">
        {run.project === null ? (
          <span className="q">–</span>
        ) : (
          <a href={hrefTo({ page: 'runs' })} onClick={() => setFilters({ project: run.project })}>
            {run.project}
          </a>
        )}
      </dd>
      <dt>{t('run.fact.foundBy')}</dt>
      <dd>{t(`run.foundBy.${run.foundBy}`)}</dd>
      <dt>{t('run.fact.machine')}</dt>
      <dd className="wrap">{devices === null ? run.host : `${run.host} · ${devices}`}</dd>
      {run.cwd !== null && (
        <>
          <dt>{t('run.fact.folder')}</dt>
          <dd className="mono cut" title={run.cwd}>
            {run.cwd}
          </dd>
        </>
      )}
      {run.gitCommit !== null && (
        <>
          <dt>{t('run.fact.git')}</dt>
          <dd className="mono cut" title={run.gitCommit}>
            {run.gitCommit.slice(0, 10)}
          </dd>
        </>
      )}
      {run.exitCode !== null && (
        <>
          <dt>{t('run.fact.exit')}</dt>
          <dd className={run.exitCode === 0 ? undefined : 'crit'}>{run.exitCode}</dd>
        </>
      )}
      <dt>{t('run.fact.tags')}</dt>
      <dd className="tags">
        {tags.map((tag) => (
          <span className="tag" key={tag} title={tag}>
            {tag}
          </span>
        ))}
        <Button
          size="small"
          look="ghost"
          icon="tag"
          className="edit-tags"
          aria-label={t('tag.edit')}
          onClick={() => setIsTagging(true)}
        />
        {isTagging && <TagDialog runs={[run]} projects={[]} onClose={() => setIsTagging(false)} />}
      </dd>
      <dt>{t('run.fact.id')}</dt>
      <dd className="mono cut" title={run.id}>
        {run.id}
      </dd>
    </dl>
  );
}
