import type { RuleActions } from '../../shared/model/alert.ts';
import { useRequest } from '../connection/use-request.ts';
import { Icon, type IconName } from '../design/icon.tsx';
import { Checkbox } from '../design/switch.tsx';
import { Line } from './form-line.tsx';
import { useAlertWords } from './use-alert-words.ts';

interface RuleActionsProps {
  readonly actions: RuleActions;
  /** False where the run that it is about is over. */
  readonly canActOnRuns: boolean;
  readonly onChange: (actions: RuleActions) => void;
}

const kindIcons = { webhook: 'globe', email: 'note', command: 'term' } as const satisfies Record<string, IconName>;

/** What happens when the rule fires. */
export function RuleActionsForm({ actions, canActOnRuns, onChange }: RuleActionsProps) {
  const { t } = useAlertWords();
  const { data } = useRequest('destinations.list', {}, { refreshOn: ['alerts.changed'] });
  const destinations = data?.destinations ?? [];
  const change = (part: Partial<RuleActions>): void => onChange({ ...actions, ...part });
  const tell = (id: string, isOn: boolean): void =>
    change({ destinationIds: [...actions.destinationIds.filter((one) => one !== id), ...(isOn ? [id] : [])] });
  return (
    <fieldset className="then">
      <legend className="fl">{t('then')}</legend>
      <Choice
        label={t('notification')}
        icon="bell"
        isOn={actions.isNotifying}
        onChange={(isNotifying) => change({ isNotifying })}
      />
      <Choice
        label={t('sound')}
        icon="play"
        isOn={actions.isSounding}
        onChange={(isSounding) => change({ isSounding })}
      />
      <Choice label={t('badge')} icon="tag" isOn={actions.isBadging} onChange={(isBadging) => change({ isBadging })} />
      {destinations.map(({ id, name, config, isConfirmed, isEnabled }) => (
        <Choice
          key={id}
          label={`${t(`dest.kind.${config.kind}`)}: ${name}`}
          icon={kindIcons[config.kind]}
          hint={!isEnabled ? t('destinationOff') : isConfirmed ? null : t('notConfirmed')}
          isOn={actions.destinationIds.includes(id)}
          onChange={(isOn) => tell(id, isOn)}
        />
      ))}
      {canActOnRuns && (
        <>
          <Line
            label={t('runAction')}
            choices={(['none', 'pause', 'stop'] as const).map((value) => ({ value, label: t(`runAction_${value}`) }))}
            value={actions.runAction}
            onChange={(runAction) => change({ runAction })}
          />
          {actions.runAction !== 'none' && (
            <Choice
              label={t('asks')}
              icon="info"
              isOn={actions.isAsking}
              onChange={(isAsking) => change({ isAsking })}
            />
          )}
        </>
      )}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly icon: IconName;
  readonly hint?: string | null;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Choice({ label, icon, hint = null, isOn, onChange }: ChoiceProps) {
  return (
    <div className="row ch-row">
      <Checkbox label={label} state={isOn} onChange={onChange} />
      <Icon name={icon} />
      <span className="cut" title={label}>
        {label}
      </span>
      {hint !== null && <span className="q nw">{hint}</span>}
    </div>
  );
}
