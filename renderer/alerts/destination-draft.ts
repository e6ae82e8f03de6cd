import { fieldNumber, typedNumber } from '../../shared/format/number-text.ts';
import {
  type Destination,
  type DestinationInput,
  destinationInputSchema,
  type mailSecurities,
  type WebhookTemplate,
} from '../../shared/model/destination.ts';

/** A destination as its form holds it; what is secret is empty until somebody types it. */
export interface DestinationDraft {
  readonly id: string | null;
  readonly kind: 'webhook' | 'email' | 'command';
  readonly name: string;
  readonly template: WebhookTemplate;
  readonly url: string;
  readonly signingSecret: string;
  readonly password: string;
  readonly host: string;
  readonly port: string;
  readonly security: (typeof mailSecurities)[number];
  readonly user: string;
  readonly from: string;
  readonly to: string;
  /** One argument a line. */
  readonly argv: string;
  readonly timeLimitSeconds: string;
  readonly isTellingCleared: boolean;
  readonly isEnabled: boolean;
}

export const emptyDestination: DestinationDraft = {
  id: null,
  kind: 'webhook',
  name: '',
  template: 'slack',
  url: '',
  signingSecret: '',
  password: '',
  host: '',
  port: '587',
  security: 'starttls',
  user: '',
  from: '',
  to: '',
  argv: '',
  timeLimitSeconds: '30',
  isTellingCleared: true,
  isEnabled: true,
};

export function draftFromDestination(
  { id, name, config, isTellingCleared, isEnabled }: Destination,
  locale: string,
): DestinationDraft {
  const base = { ...emptyDestination, id, name, isTellingCleared, isEnabled, kind: config.kind };
  switch (config.kind) {
    case 'webhook':
      return { ...base, template: config.template };
    case 'email':
      return { ...base, ...config, port: String(config.port), user: config.user ?? '', to: config.to.join(', ') };
    case 'command':
      return { ...base, argv: config.argv.join('\n'), timeLimitSeconds: fieldNumber(config.timeLimitSeconds, locale) };
  }
}

/** What the engine takes; null where something is missing or not right. */
export function destinationFromDraft(draft: DestinationDraft, locale: string): DestinationInput | null {
  const secret = (text: string): string | undefined => (text === '' ? undefined : text);
  const parsed = destinationInputSchema.safeParse({
    id: draft.id,
    name: draft.name.trim() === '' ? usualName(draft) : draft.name,
    config: configOf(draft, locale),
    secrets: {
      url: draft.kind === 'webhook' ? secret(draft.url.trim()) : undefined,
      signingSecret: draft.kind === 'webhook' ? secret(draft.signingSecret) : undefined,
      password: draft.kind === 'command' ? undefined : secret(draft.password),
    },
    isEnabled: draft.isEnabled,
    isTellingCleared: draft.isTellingCleared,
  });
  if (!parsed.success) return null;
  return draft.kind === 'webhook' && draft.id === null && parsed.data.secrets?.url === undefined ? null : parsed.data;
}

function configOf(draft: DestinationDraft, locale: string): unknown {
  switch (draft.kind) {
    case 'webhook':
      return { kind: 'webhook', template: draft.template };
    case 'email':
      return {
        kind: 'email',
        host: draft.host,
        port: typedNumber(draft.port, locale),
        security: draft.security,
        user: draft.user.trim() === '' ? null : draft.user.trim(),
        from: draft.from.trim(),
        to: draft.to.split(/[,;\s]+/).filter((address) => address !== ''),
      };
    case 'command':
      return {
        kind: 'command',
        argv: draft.argv.split('\n').filter((line, index, all) => line !== '' || index < all.length - 1),
        timeLimitSeconds: typedNumber(draft.timeLimitSeconds, locale),
      };
  }
}

const usualName = (draft: DestinationDraft): string =>
  draft.kind === 'webhook' ? draft.template : draft.kind === 'email' ? draft.to : (draft.argv.split('\n')[0] ?? '');
