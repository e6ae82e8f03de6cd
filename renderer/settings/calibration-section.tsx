import { useEffect, useState } from 'react';
import { formatMoment } from '../../shared/format/moment.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { CalibrationStatus } from '../../shared/model/calibration.ts';
import { useNow } from '../app/use-now.ts';
import { useEngine, useEngineEvent } from '../connection/connection-context.tsx';
import { useRequest, wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { FailedState, LoadingBars } from '../design/empty-state.tsx';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import type { CalibrationActions } from './calibration-actions.ts';
import { CalibrationRunning } from './calibration-running.tsx';
import { CalibrationStart } from './calibration-start.tsx';
import { lineRangeText, lineText } from './calibration-words.ts';
import { SettingRow } from './setting-row.tsx';

/** Two minutes beside a wattmeter, after which the whole machine can be estimated at the wall. */
export function CalibrationSection() {
  const { t } = useWords();
  const asked = useRequest('calibration.read', {});
  const [pushed, setPushed] = useState<CalibrationStatus | null>(null);
  const [errorCode, setErrorCode] = useState<string | null>(null);
  useEngineEvent('calibration.changed', setPushed);
  // A new answer is newer than what was pushed before it.
  const read = asked.data;
  useEffect(() => {
    if (read !== null) setPushed(read);
  }, [read]);
  const status = pushed ?? read;
  const act = (answer: Promise<CalibrationStatus>): void => {
    setErrorCode(null);
    answer.then(setPushed, (error: unknown) => setErrorCode(wattrunError(error).code));
  };
  if (status === null)
    return asked.error === null ? (
      <LoadingBars />
    ) : (
      <FailedState what="table" error={asked.error} onRetry={asked.retry} />
    );
  return (
    <>
      <p className="s cal-what">{t('settings.calibration.what')}</p>
      <Line status={status} />
      {status.running === null ? (
        <CalibrationStart status={status} act={act} />
      ) : (
        <CalibrationRunning running={status.running} act={act} />
      )}
      {status.running === null && <LastResult status={status} />}
      {errorCode !== null && <p className="crit cal-what">{t('settings.calibration.failed', { code: errorCode })}</p>}
      {status.running === null && (status.readingCount > 0 || status.cpuEnds !== null) && (
        <Clear status={status} act={act} />
      )}
    </>
  );
}

function Line({ status }: { readonly status: CalibrationStatus }) {
  const { t } = useWords();
  const locale = useLocale();
  const nowMs = useNow();
  const words = (key: string, values?: Readonly<Record<string, string | number>>): string => t(key, { ...values });
  const watts = (value: number): string => valueText(formatPower(value, { locale, style: 'device' }));
  const { line, lineProblem, cpuEnds, isCpuModelled } = status;
  return (
    <>
      <SettingRow
        label={t('settings.calibration.atWall')}
        {...(line === null
          ? {}
          : {
              hint: `${lineRangeText(line, words, locale)} ${t('settings.calibration.measured', { moment: formatMoment(line.measuredAtMs, { locale, nowMs }) })}`,
            })}
      >
        {line !== null ? (
          <b>{lineText(line, words, locale)}</b>
        ) : (
          <span className={lineProblem === null ? 'q' : 'warn'}>{lineProblem ?? t('settings.calibration.none')}</span>
        )}
      </SettingRow>
      {cpuEnds !== null && (
        <SettingRow
          label={t('settings.calibration.cpu')}
          hint={t(cpuEnds.isIdleMeasured ? 'settings.calibration.cpuRead' : 'settings.calibration.cpuWall')}
        >
          <span>
            {t('settings.calibration.cpuEnds', { idle: watts(cpuEnds.idleWatts), full: watts(cpuEnds.fullWatts) })}
          </span>
          {!isCpuModelled && <span className="q">{t('settings.calibration.cpuUnused')}</span>}
        </SettingRow>
      )}
    </>
  );
}

/** How the last one ended, where that is more than the line itself says. */
function LastResult({ status }: { readonly status: CalibrationStatus }) {
  const { t } = useWords();
  const result = status.lastResult;
  if (result === null) return null;
  const isBad = result.kind === 'refused' || result.kind === 'failed';
  const message = result.message ?? '';
  return (
    <SettingRow label={t('settings.calibration.last')}>
      <span className={isBad ? 'warn cal-said' : 's cal-said'}>
        <Sign name={isBad ? 'triangle' : result.kind === 'recorded' ? 'tick' : 'ring-minus'} />{' '}
        {t(`settings.calibration.result.${result.kind}`)} {message}
      </span>
      {result.cpuMessage !== null && <span className="warn cal-said">{result.cpuMessage}</span>}
    </SettingRow>
  );
}

function Clear({ status, act }: CalibrationActions) {
  const { t } = useWords();
  const { request } = useEngine();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <SettingRow label={t('settings.calibration.kept')}>
      <span>{t('settings.calibration.readings', { count: status.readingCount })}</span>
      {status.readingCount > status.currentReadingCount && (
        <span className="q">
          {t('settings.calibration.other', { count: status.readingCount - status.currentReadingCount })}
        </span>
      )}
      <Button size="small" icon="trash" onClick={() => setIsOpen(true)}>
        {t('settings.calibration.clear')}
      </Button>
      <Dialog
        title={t('settings.calibration.clearTitle')}
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        onConfirm={() => {
          setIsOpen(false);
          act(request('calibration.clear', {}));
        }}
        confirmLabel={t('settings.calibration.clear')}
        confirmLook="danger"
      >
        <p className="s">{t('settings.calibration.clearText')}</p>
      </Dialog>
    </SettingRow>
  );
}
