import { type Domain, domainDefaults, type GapReason } from '../../../shared/model/domain.ts';
import type { WallMeter } from '../../../shared/model/settings.ts';
import { msFromSeconds, secondsFromMs } from '../../../shared/units.ts';
import { type SourceContext, type SourceReading, unknownValues } from '../source.ts';
import { type Answer, askJson, askTimeoutMs } from './ask-json.ts';
import { initialTrust, isTrusted, stepTrust } from './counter-trust.ts';
import { missing, type WallDialect, type WallParse, type WallQuestion, type WallSample } from './dialect.ts';
import { answerDigest } from './digest.ts';
import { homeAssistant } from './home-assistant.ts';
import type { Resolve } from './local-address.ts';
import { shelly } from './shelly.ts';
import { tasmota } from './tasmota.ts';

const dialects: Readonly<Record<WallMeter['kind'], WallDialect>> = {
  tasmota,
  shelly,
  'home-assistant': homeAssistant,
};

/** A wattmeter that stands in the settings. */
export interface AskedMeter {
  readonly domain: Domain;
  /**
   * One reading, or a missing one that says why; null while a counter that has no power beside it has not moved. Never rejects, ends within 2 s for each
   * question it takes.
   */
  read(signal: AbortSignal): Promise<SourceReading | null>;
}

export interface AskedMeterOptions {
  readonly meter: WallMeter;
  readonly index: number;
  readonly context: SourceContext;
  readonly resolve: Resolve;
}

/** Plugs know one user. */
const user = 'admin';
/** How long the counter may lag behind the answer: no vendor says; as often as it is asked. */
const counterLagSeconds = 1;
/** A plug that takes its time is no gap, as long as it answers: two questions where it asks for a digest. */
const longestAnswerSeconds = 2 * secondsFromMs(askTimeoutMs);
/** Home Assistant has a plug's energy when the plug sends it: every ten seconds or minute. A counter that stands for longer stands still. */
const longestCounterRestSeconds = 90;
/** A counter alone that steps by more than this would show a machine's draw as rare spikes. */
const coarsestStepJoules = 100;

export function createAskedMeter({ meter, index, context, resolve }: AskedMeterOptions): AskedMeter {
  const dialect = dialects[meter.kind];
  const domain = domainOf(meter, index, dialect);
  const base = { domain, ...unknownValues, error: dialect.error };
  let trust = initialTrust;
  let known = 0;
  let hasTold = false;
  let isBasic = false;
  /** Of a counter without power: its last value, and when it was first seen at it. */
  let stood: { readonly joules: number; readonly sinceMs: number } | null = null;

  /** The finest step that a counter without power has shown: 1234.568 kWh may be 1234.5680, as trailing zeros are not written. */
  let finestStepJoules = Number.POSITIVE_INFINITY;

  async function ask(question: WallQuestion, signal: AbortSignal, authorization: string | null): Promise<Answer> {
    const url = urlOf(meter, question.path);
    const headers = authorization === null ? question.headers : { ...question.headers, authorization };
    return askJson({ url, headers, signal, resolve });
  }

  /** The first generation of Shelly asks for Basic, the second for Digest with a nonce of its own for each question. */
  async function askLoggedIn(question: WallQuestion, signal: AbortSignal): Promise<Answer> {
    const { secret } = meter;
    const basic = secret === null ? null : `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
    const answer = await ask(question, signal, isBasic ? basic : null);
    if (answer.kind !== 'challenge' || secret === null || question.headers.authorization !== undefined) return answer;
    if (/^Basic\b/i.test(answer.challenge)) {
      if (isBasic) return answer;
      isBasic = true;
      return ask(question, signal, basic);
    }
    const path = urlOf(meter, question.path);
    const digest = answerDigest(answer.challenge, { path: path.pathname + path.search, user, password: secret });
    return digest === null ? answer : ask(question, signal, digest);
  }

  async function askInTurn(questions: readonly WallQuestion[], signal: AbortSignal): Promise<WallParse> {
    let elsewhere: WallParse | null = null;
    let refusal: string | null = null;
    for (let i = 0; i < questions.length; i++) {
      const at = (known + i) % questions.length;
      const question = questions[at];
      if (question === undefined) break;
      const answer = await askLoggedIn(question, signal);
      if (answer.kind === 'unknown-path') {
        refusal ??= answer.note;
        continue;
      }
      if (answer.kind === 'json') {
        const told = question.parse(answer.body);
        if (told.kind === 'missing' && told.isElsewhere === true) {
          elsewhere ??= told;
          continue;
        }
        known = at;
        hasTold ||= told.kind === 'sample';
        return told;
      }
      return { kind: 'missing', ...troubleOf(answer, meter) };
    }
    // One that has told before is what it is said to be, whatever it answers now.
    const note = hasTold && refusal !== null ? refusal : dialect.whenUnknown(meter);
    return elsewhere ?? { kind: 'missing', reason: 'failed', note };
  }

  /** A counter alone with the finest step that it has shown; missing while none was fine enough. */
  function withFineSteps(sample: WallSample): WallParse {
    if (sample.powerWatts !== null) return { kind: 'sample', sample };
    finestStepJoules = Math.min(finestStepJoules, sample.counterStepJoules);
    if (finestStepJoules <= coarsestStepJoules)
      return { kind: 'sample', sample: { ...sample, counterStepJoules: finestStepJoules } };
    const step = Math.round(finestStepJoules);
    return missing('failed', `It counts energy in steps of ${step} J: name the plug's power sensor.`);
  }

  /** Whether a counter alone says what it said before: no power can be told from that, only from its next step. */
  function isWaiting({ powerWatts, counterJoules }: WallSample): boolean {
    if (powerWatts !== null || counterJoules === null) return false;
    const nowMs = context.clock.monotonicMs();
    if (stood?.joules !== counterJoules) {
      stood = { joules: counterJoules, sinceMs: nowMs };
      return false;
    }
    return nowMs - stood.sinceMs < msFromSeconds(longestCounterRestSeconds);
  }

  function readingOf(sample: WallSample): SourceReading | null {
    if (isWaiting(sample)) return null;
    trust = stepTrust(trust, sample.counterJoules, sample.counterStepJoules);
    const isCounted = sample.powerWatts === null || isTrusted(trust);
    return {
      ...base,
      atMs: context.clock.monotonicMs(),
      powerWatts: sample.powerWatts,
      counterJoules: isCounted ? sample.counterJoules : null,
      counterLagSeconds,
      restSeconds: sample.powerWatts === null ? longestCounterRestSeconds : longestAnswerSeconds,
    };
  }

  return {
    domain,
    async read(signal) {
      const questions = new URL(meter.url).username === '' ? dialect.questions(meter) : { problem: credentialsInUrl };
      const told: WallParse =
        'problem' in questions
          ? { kind: 'missing', reason: 'failed', note: questions.problem }
          : await askInTurn(questions, signal);
      const sampled = told.kind === 'sample' ? withFineSteps(told.sample) : told;
      if (sampled.kind === 'sample') return readingOf(sampled.sample);
      trust = initialTrust;
      stood = null;
      return {
        ...base,
        atMs: context.clock.monotonicMs(),
        missing: { reason: sampled.reason, note: sampled.note },
      };
    },
  };
}

const credentialsInUrl = 'The address holds a user or password: the password has a field of its own.';

const hostOf = (meter: WallMeter): string => new URL(meter.url).hostname;

/** The meter's address may lead to a folder, as behind a reverse proxy. */
function urlOf(meter: WallMeter, path: string): URL {
  const base = new URL(meter.url);
  return new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}${path}`);
}

function troubleOf(
  answer: Exclude<Answer, { kind: 'json' } | { kind: 'unknown-path' }>,
  meter: WallMeter,
): { readonly reason: GapReason; readonly note: string } {
  if (answer.kind === 'failed') return { reason: answer.reason, note: answer.note };
  const what = meter.kind === 'home-assistant' ? 'token' : 'password';
  const note =
    meter.secret === null ? `${hostOf(meter)} asks for a ${what}.` : `${hostOf(meter)} does not take this ${what}.`;
  return { reason: 'permission', note };
}

const domainOf = (meter: WallMeter, index: number, dialect: WallDialect): Domain => ({
  ...domainDefaults,
  id: `wall:${meter.name}`,
  kind: 'wall',
  name: `${dialect.label} wattmeter, ${hostOf(meter)}`,
  label: `Wall ${meter.name}`,
  index,
  source: 'wall-meter',
  provenance: 'sensor',
});
