import { useMemo } from 'react';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { partText } from '../../shared/format/ratio.ts';
import { heldBackReasons } from '../../shared/model/health.ts';
import type { RunDomain, RunReport } from '../../shared/model/run.ts';
import { checkedDomains, checkRatio, heldBackOf, notableDisagreementRatio } from '../../shared/model/run-facts.ts';
import { useLive } from '../connection/connection-context.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { usedDomains } from './run-devices.ts';
import { checkText, type FactSentence, factSentences, gainText, type Words } from './run-fact-texts.ts';

interface RunFactsProps {
  readonly report: RunReport;
}

/** Time that each device lost, and what speaks for and against its sensor. Nothing where there is nothing to tell. */
export function RunFactsSection({ report }: RunFactsProps) {
  const { t } = useWords();
  const locale = useLocale();
  const indivisible = useIndivisible();
  const used = usedDomains(report.energy.domains);
  const rows = checkedDomains(used);
  const { durationSeconds } = report.run;
  const words: Words = (key, values) => t(key, { ...values });
  const { wall } = report.energy;
  const unread = report.environment?.unread ?? [];
  const sentences = factSentences({ domains: used, durationSeconds, indivisible, wall, unread }, words, locale);
  if (rows.length === 0 && sentences.length === 0) return null;
  return (
    <section className="sec dm" aria-label={t('run.facts.title')}>
      <div className="hd">
        <h2>{t('run.facts.title')}</h2>
        <div className="r hide-n">{t('run.facts.key')}</div>
      </div>
      {rows.length > 0 && (
        <div className="dm-scroll">
          <table className="tb d dt ft" aria-label={t('run.facts.title')}>
            <FactsHead />
            <tbody>
              {rows.map((domain) => (
                <FactsRow key={domain.id} domain={domain} durationSeconds={durationSeconds} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Sentences sentences={sentences} />
    </section>
  );
}

function Sentences({ sentences }: { readonly sentences: readonly FactSentence[] }) {
  if (sentences.length === 0) return null;
  return (
    <ul className="ft-said">
      {sentences.map(({ key, text, tone }) => (
        <li key={key} className={tone === 'warn' ? 'warn' : 's'}>
          {text}
        </li>
      ))}
    </ul>
  );
}

/** Why a device's energy cannot be divided, by its id: the devices of now know it, the record does not. */
function useIndivisible(): ReadonlyMap<string, string> {
  const devices = useLive()?.devices;
  const key = JSON.stringify(
    devices?.flatMap(({ domain }) => (domain.cannotBeSplit === null ? [] : [[domain.id, domain.cannotBeSplit]])) ?? [],
  );
  return useMemo(() => new Map(JSON.parse(key) as [string, string][]), [key]);
}

function FactsHead() {
  const { t } = useWords();
  return (
    <thead>
      <tr>
        <th scope="col" className="w-label">
          {t('run.domains.device')}
        </th>
        {heldBackReasons.map((reason) => (
          <th scope="col" className="w-held" key={reason} title={t(`run.facts.hint.${reason}`)}>
            {t(`run.facts.reason.${reason}`)}
          </th>
        ))}
        <th scope="col" className="w-check" title={t('run.facts.hint.check')}>
          {t('run.facts.check')}
        </th>
        <th scope="col" title={t('run.facts.hint.gain')}>
          {t('run.facts.truth')}
        </th>
      </tr>
    </thead>
  );
}

function FactsRow({ domain, durationSeconds }: { readonly domain: RunDomain; readonly durationSeconds: number }) {
  const { t } = useWords();
  const locale = useLocale();
  const words: Words = (key, values) => t(key, { ...values });
  const held = heldBackOf(domain, durationSeconds);
  const ratio = checkRatio(domain);
  return (
    <tr>
      <td className="cut" title={domain.name}>
        {domain.label}
      </td>
      {heldBackReasons.map((reason) => {
        const one = held?.find((other) => other.reason === reason);
        if (held === null)
          return (
            <td className="q" key={reason} title={t('run.facts.untold')}>
              –
            </td>
          );
        if (one === undefined)
          return (
            <td className="q" key={reason}>
              {t('run.facts.never')}
            </td>
          );
        return (
          <td className={reason === 'power-cap' ? 's' : 'warn'} key={reason}>
            {formatExactDuration(one.seconds, { locale })} <span className="q">{partText(one.ratio, { locale })}</span>
          </td>
        );
      })}
      <td
        className={ratio === null ? 'q' : Math.abs(ratio) > notableDisagreementRatio ? 'warn' : 's'}
        title={ratio === null ? t('run.facts.oneOnly') : undefined}
      >
        {ratio === null ? '–' : checkText(ratio, words, locale)}
      </td>
      <td className={domain.gain === null ? 'q' : 's'}>
        {domain.gain === null ? '–' : gainText(domain.gain, words, locale)}
      </td>
    </tr>
  );
}
