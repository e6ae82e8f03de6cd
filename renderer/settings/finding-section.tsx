import { useRequest } from '../connection/use-request.ts';
import { Sign } from '../design/sign.tsx';
import { Switch } from '../design/switch.tsx';
import { useWords } from '../i18n/use-words.ts';
import { useRepeated } from '../runs/use-repeated.ts';
import { checkPattern, longestPattern } from './pattern-check.ts';
import type { SectionProps } from './section-props.ts';
import { SettingRow } from './setting-row.tsx';
import { TextSetting } from './text-setting.tsx';

const examplePattern = 'python.*train\\.py';
/** A rule that is too slow is noticed while it works, not when it is written. */
const refreshMs = 5000;

/** Whether runs are found by themselves, and which processes without a GPU are runs too. */
export function FindingSection({ settings, save }: SectionProps) {
  const { t } = useWords();
  const errorOf = (text: string): string | null => {
    const check = checkPattern(text);
    return check.kind === 'wrong' ? t('settings.finding.wrong', { why: check.why }) : null;
  };
  return (
    <>
      <SettingRow label={t('settings.finding.label')} hint={t('settings.finding.hint')}>
        <Switch
          label={t('settings.finding.switch')}
          isOn={settings.isFindingRuns}
          onChange={(isFindingRuns) => save({ isFindingRuns })}
        />
        <span className="q">{t(settings.isFindingRuns ? 'settings.finding.on' : 'settings.finding.off')}</span>
      </SettingRow>
      <SettingRow
        label={t('settings.finding.rule')}
        hint={
          <>
            {t('settings.finding.ruleHint')} <span className="mono">{examplePattern}</span>
          </>
        }
      >
        <TextSetting
          label={t('settings.finding.rule')}
          value={settings.cpuRunPattern}
          placeholder={t('settings.finding.none')}
          maxLength={longestPattern}
          width={320}
          errorOf={errorOf}
          onSave={(cpuRunPattern) => save({ cpuRunPattern })}
        />
        {settings.cpuRunPattern !== null && <RuleState />}
      </SettingRow>
    </>
  );
}

/** How the rule fares in the engine, which tries it on every command line. */
function RuleState() {
  const { t } = useWords();
  const asked = useRequest('finding.read', {}, { refreshOn: ['settings.changed'] });
  useRepeated(asked.retry, refreshMs);
  if (asked.data === null) return null;
  const { cpuRule, isFindingRuns } = asked.data;
  const state = isFindingRuns ? cpuRule : 'off';
  const isWrong = state === 'invalid' || state === 'too-slow';
  return (
    <span className={isWrong ? 'warn rule-state' : 'q rule-state'}>
      <Sign name={isWrong ? 'triangle' : state === 'working' ? 'tick' : 'barred'} />{' '}
      {t(`settings.finding.state.${state}`)}
    </span>
  );
}
