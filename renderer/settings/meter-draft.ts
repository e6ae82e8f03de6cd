import { type WallMeter, wallMeterSchema } from '../../shared/model/settings.ts';

export const meterKinds = ['tasmota', 'shelly', 'home-assistant'] as const satisfies readonly WallMeter['kind'][];
export const mostMeters = 8;

/** What is typed into the form of a meter. */
export interface MeterDraft {
  readonly name: string;
  readonly kind: WallMeter['kind'];
  readonly url: string;
  readonly entity: string;
  readonly secret: string;
}

export const emptyMeter: MeterDraft = { name: '', kind: 'tasmota', url: '', entity: '', secret: '' };

export type MeterMistake = 'name' | 'taken' | 'url' | 'entity' | 'secret';

export interface MeterCheck {
  /** Null while something is wrong. */
  readonly meter: WallMeter | null;
  readonly mistakes: readonly MeterMistake[];
}

/** The meter a draft stands for, or what is wrong with it. An address may be typed without 'http://'. */
export function checkMeter(draft: MeterDraft, others: readonly WallMeter[]): MeterCheck {
  const typed = draft.url.trim();
  const candidate = {
    name: draft.name.trim().toLowerCase(),
    kind: draft.kind,
    url: typed === '' || typed.includes('://') ? typed : `http://${typed}`,
    entity: orNull(draft.entity),
    secret: orNull(draft.secret),
  };
  const parsed = wallMeterSchema.safeParse(candidate);
  const mistakes = new Set<MeterMistake>();
  for (const issue of parsed.error?.issues ?? [])
    if (issue.path[0] === 'name' || issue.path[0] === 'url') mistakes.add(issue.path[0]);
    else mistakes.add(issue.path[0] === 'secret' ? 'secret' : 'entity');
  if (others.some((other) => other.name === candidate.name)) mistakes.add('taken');
  // Home Assistant answers nobody without a token, and has many entities, of which none is the first.
  if (draft.kind === 'home-assistant' && candidate.entity === null) mistakes.add('entity');
  if (draft.kind === 'home-assistant' && candidate.secret === null) mistakes.add('secret');
  return { meter: parsed.success && mistakes.size === 0 ? parsed.data : null, mistakes: [...mistakes] };
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
