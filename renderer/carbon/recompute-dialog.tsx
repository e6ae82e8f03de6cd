import { useState } from 'react';
import { formatEmissions } from '../../shared/format/emissions.ts';
import { formatMoney } from '../../shared/format/money.ts';
import { formatNumber } from '../../shared/format/number-text.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { RecomputeResult } from '../../shared/model/carbon.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { useRequest, wattrunError } from '../connection/use-request.ts';
import { Dialog } from '../design/dialog.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useCarbonWords } from './use-carbon-words.ts';
import { useRegionName } from './use-region-names.ts';

/** Works a run's grams and money out anew, once it has shown what would change. */
export function RecomputeDialog({ report, onClose }: { readonly report: RunReport; readonly onClose: () => void }) {
  const { t } = useCarbonWords();
  const { request } = useEngine();
  const nameOf = useRegionName();
  const [isBySettings, setIsBySettings] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [errorCode, setErrorCode] = useState<string | null>(null);
  const asked = { isBySettings, runIds: [report.run.id] };
  const dry = useRequest('carbon.recompute', { ...asked, isDry: true });
  const confirm = (): void => {
    setIsBusy(true);
    request('carbon.recompute', asked)
      .then(onClose, (error: unknown) => setErrorCode(wattrunError(error).code))
      .finally(() => setIsBusy(false));
  };
  const { region, regionName } = report.emissions;
  return (
    <Dialog
      title={t('recompute.title')}
      isOpen
      onClose={onClose}
      onConfirm={confirm}
      confirmLabel={t('recompute.confirm')}
      isBusy={isBusy}
    >
      <p className="s">{t('recompute.text')}</p>
      <fieldset className="opts" aria-label={t('recompute.how')}>
        {[false, true].map((bySettings) => (
          <label className="opt wrap" key={String(bySettings)}>
            <input
              type="radio"
              className="rb"
              name="recompute"
              checked={isBySettings === bySettings}
              onChange={() => setIsBySettings(bySettings)}
            />
            <span>
              {bySettings ? t('recompute.settings') : t('recompute.newest', { place: nameOf(region, regionName) })}
            </span>
          </label>
        ))}
      </fieldset>
      {dry.data !== null && <Change result={dry.data} />}
      {errorCode !== null && <p className="crit">{t('recompute.failed', { code: errorCode })}</p>}
    </Dialog>
  );
}

function Change({ result }: { readonly result: RecomputeResult }) {
  const { t } = useCarbonWords();
  const [change] = result.changes;
  if (change === undefined) return <p className="q">{t('recompute.same')}</p>;
  return (
    <table className="tb recompute-was">
      <thead>
        <tr>
          <th scope="col">
            <span className="vh">{t('recompute.how')}</span>
          </th>
          <th scope="col" className="n">
            {t('run.grams')}
          </th>
          <th scope="col" className="n">
            {t('run.intensity')}
          </th>
          <th scope="col" className="n">
            {t('run.cost')}
          </th>
        </tr>
      </thead>
      <tbody>
        <ChangeRow label={t('recompute.was')} figures={change.before} />
        <ChangeRow label={t('recompute.is')} figures={change.after} />
      </tbody>
    </table>
  );
}

interface ChangeRowProps {
  readonly label: string;
  readonly figures: RecomputeResult['changes'][number]['before'];
}

function ChangeRow({ label, figures }: ChangeRowProps) {
  const locale = useLocale();
  const { gramsCO2e, intensityGramsCO2ePerKwh, amount, currency } = figures;
  return (
    <tr>
      <td className="q">{label}</td>
      <td className="n">{valueText(formatEmissions(gramsCO2e, { locale }))}</td>
      <td className="n">{formatNumber(intensityGramsCO2ePerKwh, 0, locale)}</td>
      <td className="n">{currency === null ? '–' : formatMoney(amount, { locale, currency })}</td>
    </tr>
  );
}
