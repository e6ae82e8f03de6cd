import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Client } from '../../shared/contract/client.ts';
import type { HostContract } from '../../shared/contract/host-contract.ts';
import { useHost } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { Switch } from '../design/switch.tsx';
import { SettingRow } from './setting-row.tsx';

/** Whether the app starts with the session; only where the shell can see to it. */
export function LoginSetting(): ReactNode {
  const host = useHost();
  const [isOffered, setOffered] = useState(false);
  useEffect(() => {
    let isCurrent = true;
    host?.request('host.describe', {}).then(
      ({ canStartAtLogin }) => isCurrent && setOffered(canStartAtLogin),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [host]);
  return host !== null && isOffered ? <LoginSwitch host={host} /> : null;
}

function LoginSwitch({ host }: { readonly host: Client<HostContract> }): ReactNode {
  const { t } = useTranslation('desktop');
  const [isOn, setOn] = useState<boolean | null>(null);
  const [code, setCode] = useState<string | null>(null);
  const follow = (answer: Promise<{ readonly isOn: boolean }>): void => {
    answer.then(
      (login) => {
        setOn(login.isOn);
        setCode(null);
      },
      (error: unknown) => setCode(wattrunError(error).code),
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once a shell; the setters never change
  useEffect(() => follow(host.request('host.readLogin', {})), [host]);
  const state = isOn === true ? t('login.on') : t('login.off');
  return (
    <SettingRow label={t('login.label')} hint={t('login.hint')}>
      <Switch
        label={t('login.switch')}
        isOn={isOn === true}
        isDisabled={isOn === null}
        onChange={(next) => follow(host.request('host.setLogin', { isOn: next }))}
      />
      <span className={code === null ? 'q' : 'crit'} role={code === null ? undefined : 'alert'}>
        {code === null ? state : t('login.failed', { code })}
      </span>
    </SettingRow>
  );
}
