import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMemory } from '../../shared/format/memory.ts';
import { quantityText } from '../../shared/format/quantity.ts';
import { formatShare } from '../../shared/format/ratio.ts';
import { sweepExportFolders } from '../connection/export-folder.ts';
import { Button } from '../design/button.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { type ExportJob, useExportJobs } from './export-jobs.ts';
import './exports.css';

/** A short export is done before anyone could read that it goes on. */
const quietMs = 400;

/** What is being written, how much of it, and a way to end it. */
export function ExportProgressList(): ReactNode {
  const { t } = useTranslation('charts');
  const jobs = useExportJobs((state) => state.jobs);
  useEffect(() => {
    sweepExportFolders(Date.now()).catch((error: unknown) => console.info(String(error)));
  }, []);
  const shown = jobs.filter((job) => job.progress !== null);
  if (shown.length === 0) return null;
  return (
    <ul className="exp" aria-label={t('exporting.label')}>
      {shown.map((job) => (
        <JobLine key={job.id} job={job} />
      ))}
    </ul>
  );
}

function JobLine({ job }: { readonly job: ExportJob }): ReactNode {
  const { t } = useTranslation('charts');
  const locale = useLocale();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), quietMs);
    return () => clearTimeout(timer);
  }, []);
  if (!isLong || job.progress === null) return null;
  const { fileName, sizeBytes, doneRatio } = job.progress;
  const size = quantityText(formatMemory(sizeBytes, { locale }));
  const share = doneRatio === null ? null : t('exporting.share', { percent: formatShare(doneRatio, { locale }) });
  return (
    <li className="pop">
      <span className="cut">
        {t('exporting.running', { name: fileName, size: share === null ? size : `${size}, ${share}` })}
      </span>
      <Button
        look="ghost"
        size="small"
        className="acc"
        aria-label={t('exporting.cancelOf', { name: fileName })}
        onClick={job.cancel}
      >
        {t('exporting.cancel')}
      </Button>
    </li>
  );
}
