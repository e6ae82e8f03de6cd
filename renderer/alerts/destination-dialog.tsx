import { useId, useState } from 'react';
import { type Destination, mailSecurities, webhookTemplates } from '../../shared/model/destination.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { Dialog } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { Checkbox } from '../design/switch.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import {
  type DestinationDraft,
  destinationFromDraft,
  draftFromDestination,
  emptyDestination,
} from './destination-draft.ts';
import { Line } from './form-line.tsx';
import { useAlertWords } from './use-alert-words.ts';

interface DestinationDialogProps {
  /** Null: a new one. */
  readonly destination: Destination | null;
  readonly onClose: () => void;
}

type Change = (part: Partial<DestinationDraft>) => void;

/** The form of a destination; what is secret is never shown again. */
export function DestinationDialog({ destination, onClose }: DestinationDialogProps) {
  const { t } = useAlertWords();
  const { request } = useEngine();
  const locale = useLocale();
  const [draft, setDraft] = useState<DestinationDraft>(
    destination === null ? emptyDestination : draftFromDestination(destination, locale),
  );
  const [problem, setProblem] = useState<string | null>(null);
  const change: Change = (part) => setDraft((before) => ({ ...before, ...part }));
  const save = async (): Promise<void> => {
    const input = destinationFromDraft(draft, locale);
    if (input === null) return setProblem('contract/invalid');
    try {
      await request('destinations.put', input);
      onClose();
    } catch (error) {
      setProblem(wattrunError(error).message);
    }
  };
  return (
    <Dialog
      title={destination === null ? t('dest.dialog.new') : t('dest.dialog.change', { name: destination.name })}
      isOpen
      onClose={onClose}
      onConfirm={save}
      confirmLabel={t('dest.dialog.save')}
    >
      {destination === null && (
        <Line
          label={t('dest.dialog.kind')}
          choices={(['webhook', 'email', 'command'] as const).map((value) => ({
            value,
            label: t(`dest.kind.${value}`),
          }))}
          value={draft.kind}
          onChange={(kind) => change({ kind, isTellingCleared: kind !== 'command' })}
        />
      )}
      <Text label={t('dest.dialog.name')} value={draft.name} onChange={(name) => change({ name })} />
      {draft.kind === 'webhook' && <WebhookFields draft={draft} destination={destination} change={change} />}
      {draft.kind === 'email' && <EmailFields draft={draft} destination={destination} change={change} />}
      {draft.kind === 'command' && <CommandFields draft={draft} change={change} />}
      <div className="row">
        <Checkbox
          label={t('dest.dialog.cleared')}
          state={draft.isTellingCleared}
          onChange={(isTellingCleared) => change({ isTellingCleared })}
        />
        <span>{t('dest.dialog.cleared')}</span>
      </div>
      {problem !== null && (
        <p className="crit" role="alert">
          {t('dest.dialog.wrong', { code: problem })}
        </p>
      )}
    </Dialog>
  );
}

interface FieldsProps {
  readonly draft: DestinationDraft;
  readonly destination?: Destination | null;
  readonly change: Change;
}

function WebhookFields({ draft, destination, change }: FieldsProps) {
  const { t } = useAlertWords();
  return (
    <>
      <Line
        label={t('dest.dialog.template')}
        choices={webhookTemplates.map((value) => ({ value, label: t(`dest.kind.${value}`) }))}
        value={draft.template}
        onChange={(template) => change({ template })}
      />
      <Text
        label={t('dest.dialog.url')}
        placeholder={destination?.address || 'https://…'}
        hint={destination == null ? undefined : t('dest.dialog.urlKept')}
        value={draft.url}
        onChange={(url) => change({ url })}
      />
      <Secret
        label={t('dest.dialog.signing')}
        hint={t('dest.dialog.signingHint')}
        isKept={destination?.isSigned === true}
        value={draft.signingSecret}
        onChange={(signingSecret) => change({ signingSecret })}
      />
      {(draft.template === 'ntfy' || draft.template === 'generic') && (
        <Secret
          label={t('dest.dialog.token')}
          isKept={destination?.hasPassword === true}
          value={draft.password}
          onChange={(password) => change({ password })}
        />
      )}
    </>
  );
}

function EmailFields({ draft, destination, change }: FieldsProps) {
  const { t } = useAlertWords();
  return (
    <>
      <Text
        label={t('dest.dialog.toAddresses')}
        hint={t('dest.dialog.toHint')}
        value={draft.to}
        onChange={(to) => change({ to })}
      />
      <Text label={t('dest.dialog.from')} value={draft.from} onChange={(from) => change({ from })} />
      <Text
        label={t('dest.dialog.host')}
        placeholder="smtp.example.org"
        value={draft.host}
        onChange={(host) => change({ host })}
      />
      <Text label={t('dest.dialog.port')} value={draft.port} onChange={(port) => change({ port })} />
      <Line
        label={t('dest.dialog.security')}
        choices={mailSecurities.map((value) => ({ value, label: t(`dest.security.${value}`) }))}
        value={draft.security}
        onChange={(security) => change({ security })}
      />
      <Text label={t('dest.dialog.user')} value={draft.user} onChange={(user) => change({ user })} />
      <Secret
        label={t('dest.dialog.password')}
        isKept={destination?.hasPassword === true}
        value={draft.password}
        onChange={(password) => change({ password })}
      />
    </>
  );
}

function CommandFields({ draft, change }: FieldsProps) {
  const { t } = useAlertWords();
  const id = useId();
  return (
    <>
      <div className="field">
        <label className="field-label" htmlFor={id}>
          {t('dest.dialog.argv')}
        </label>
        <textarea
          id={id}
          className="argv mono"
          rows={5}
          spellCheck={false}
          aria-describedby={`${id}hint`}
          value={draft.argv}
          onChange={(event) => change({ argv: event.target.value })}
        />
        <span className="field-note" id={`${id}hint`}>
          {t('dest.dialog.argvHint')}
        </span>
      </div>
      <Field
        label={t('dest.dialog.limit')}
        unit="s"
        width={112}
        inputMode="numeric"
        value={draft.timeLimitSeconds}
        onChange={(event) => change({ timeLimitSeconds: event.target.value })}
      />
    </>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly hint?: string | undefined;
  readonly onChange: (value: string) => void;
}

const Text = ({ onChange, hint, ...props }: TextProps) => (
  <Field
    {...props}
    {...(hint === undefined ? {} : { hint })}
    autoComplete="off"
    onChange={(event) => onChange(event.target.value)}
  />
);

function Secret({ isKept, onChange, hint, ...props }: TextProps & { readonly isKept: boolean }) {
  const { t } = useAlertWords();
  return (
    <Field
      {...props}
      {...(hint === undefined ? {} : { hint })}
      type="password"
      autoComplete="new-password"
      placeholder={isKept ? t('dest.secretKept') : ''}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
