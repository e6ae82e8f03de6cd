import { useState } from 'react';
import { formatLogMoment } from '../../shared/format/moment.ts';
import { formatNumber } from '../../shared/format/number-text.ts';
import type { Destination } from '../../shared/model/destination.ts';
import { useNotice } from '../app/announcer.tsx';
import { useNow } from '../app/use-now.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { useRequest, wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Switch } from '../design/switch.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { DestinationDialog } from './destination-dialog.tsx';
import { useAlertWords } from './use-alert-words.ts';

type Open =
  | { readonly kind: 'form'; readonly of: Destination | null }
  | { readonly kind: 'confirm'; readonly of: Destination };

/** Where alerts are sent beyond this machine, and how that fares. */
export function DestinationsSection() {
  const { t } = useAlertWords();
  const asked = useRequest('destinations.list', {}, { refreshOn: ['alerts.changed'] });
  const [open, setOpen] = useState<Open | null>(null);
  const destinations = asked.data?.destinations ?? [];
  return (
    <section className="ds" aria-label={t('dest.title')}>
      <div className="hd">
        <h2>{t('dest.title')}</h2>
        {destinations.length > 0 && <span className="q">{destinations.length}</span>}
        <div className="r">
          <Button size="small" icon="plus" onClick={() => setOpen({ kind: 'form', of: null })}>
            {t('dest.add')}
          </Button>
        </div>
      </div>
      {destinations.length === 0 ? (
        <p className="ed-note q">{t('dest.none')}</p>
      ) : (
        <div className="lg-scroll">
          <table className="tb d ds-table" aria-label={t('dest.title')}>
            <thead>
              <tr>
                <th scope="col">{t('dest.col.name')}</th>
                <th scope="col">{t('dest.col.where')}</th>
                <th scope="col">{t('dest.col.state')}</th>
                <th scope="col" className="d-do">
                  {t('dest.col.do')}
                </th>
                <th scope="col" className="d-on">
                  {t('dest.col.on')}
                </th>
              </tr>
            </thead>
            <tbody>
              {destinations.map((destination) => (
                <DestinationRow key={destination.id} destination={destination} onOpen={setOpen} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {open?.kind === 'form' && <DestinationDialog destination={open.of} onClose={() => setOpen(null)} />}
      {open?.kind === 'confirm' && <ConfirmDialog destination={open.of} onClose={() => setOpen(null)} />}
    </section>
  );
}

function DestinationRow({
  destination,
  onOpen,
}: {
  readonly destination: Destination;
  readonly onOpen: (open: Open) => void;
}) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const { request } = useEngine();
  const showNotice = useNotice();
  const [isTesting, setTesting] = useState(false);
  const { id, name, config, isTellingCleared, isConfirmed } = destination;
  const fail = (error: unknown): void => void showNotice({ text: wattrunError(error).message });
  const test = (): void => {
    setTesting(true);
    request('destinations.test', { destinationId: id })
      .then(({ isDelivered, error, tookSeconds }) =>
        showNotice({
          text: isDelivered
            ? t('dest.delivered', { name, duration: formatNumber(tookSeconds, 1, locale) })
            : t('dest.notDelivered', { name, error }),
        }),
      )
      .catch(fail)
      .finally(() => setTesting(false));
  };
  return (
    <tr>
      <td className="cut">
        <button
          type="button"
          className="rule-name cut"
          title={t('dest.edit', { name })}
          onClick={() => onOpen({ kind: 'form', of: destination })}
        >
          {name}
        </button>
      </td>
      <td className="s cut" title={destination.address}>
        {t(`dest.kind.${config.kind === 'webhook' ? config.template : config.kind}`)} · {destination.address}
      </td>
      <td className="s cut">
        <DestinationState destination={destination} />
      </td>
      <td className="d-do">
        <span className="row">
          {!isConfirmed && (
            <Button size="small" onClick={() => onOpen({ kind: 'confirm', of: destination })}>
              {t('dest.confirm')}
            </Button>
          )}
          <Button
            size="small"
            isBusy={isTesting}
            disabled={!isConfirmed}
            aria-label={t('dest.testOf', { name })}
            onClick={test}
          >
            {t('dest.test')}
          </Button>
          <Button
            size="small"
            look="ghost"
            icon="trash"
            aria-label={t('dest.remove', { name })}
            onClick={() => void request('destinations.remove', { destinationId: id }).catch(fail)}
          />
        </span>
      </td>
      <td className="d-on">
        <Switch
          label={t('dest.onOf', { name })}
          isOn={destination.isEnabled}
          onChange={(isEnabled) =>
            void request('destinations.put', { id, name, config, isTellingCleared, isEnabled }).catch(fail)
          }
        />
      </td>
    </tr>
  );
}

function DestinationState({ destination }: { readonly destination: Destination }) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const nowMs = useNow();
  const { waiting, lastDeliveredAtMs, lastError, nextTryAtMs } = destination.status;
  const when = (atMs: number): string => formatLogMoment(atMs, { locale, nowMs });
  if (!destination.isEnabled) return t('dest.off');
  if (!destination.isConfirmed) return <span className="warn">{t('dest.unconfirmed')}</span>;
  if (waiting > 0) {
    const parts = [
      t('dest.waiting', { count: waiting }),
      lastError,
      nextTryAtMs === null ? null : t('dest.next', { when: when(nextTryAtMs) }),
    ];
    const text = parts.filter((part) => part !== null).join(' · ');
    return (
      <span className="warn" title={text}>
        {text}
      </span>
    );
  }
  return lastDeliveredAtMs === null ? t('dest.nothingSent') : t('dest.sent', { when: when(lastDeliveredAtMs) });
}

/** The command word for word, and that it will be run. */
function ConfirmDialog({ destination, onClose }: { readonly destination: Destination; readonly onClose: () => void }) {
  const { t } = useAlertWords();
  const { request } = useEngine();
  const showNotice = useNotice();
  const { config } = destination;
  const confirm = (): void => {
    request('destinations.confirm', { destinationId: destination.id }).then(onClose, (error: unknown) =>
      showNotice({ text: wattrunError(error).message }),
    );
  };
  return (
    <Dialog
      title={t('dest.confirmTitle')}
      isOpen
      onClose={onClose}
      onConfirm={confirm}
      confirmLabel={t('dest.confirmYes')}
    >
      <pre className="argv mono">
        {config.kind === 'command' ? config.argv.map((word) => JSON.stringify(word)).join('\n') : ''}
      </pre>
      <p className="q">{t('dest.confirmText')}</p>
    </Dialog>
  );
}
