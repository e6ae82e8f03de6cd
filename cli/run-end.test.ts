import { describe, expect, it } from 'vitest';
import { WattrunError } from '../shared/contract/errors.ts';
import { type RunClient, tellRunEnd } from './run-end.ts';

const told = { runId: 'run1', exitCode: 0, status: 'finished' } as const;
const failure = (code: string) => new WattrunError(code as 'contract/closed', code);

/** Answers each kind of request in turn; an error is what it is refused with. */
function clientOf(answers: Readonly<Record<string, string | Error>>): RunClient & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    request: ((name: string, { runId }: { runId: string }) => {
      asked.push(`${name} ${runId}`);
      const answer = answers[name] ?? new Error(`nobody expected ${name}`);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    }) as unknown as RunClient['request'],
  };
}

const never = (): Promise<RunClient> => Promise.reject(new Error('no other engine is wanted'));

describe('a run’s end', () => {
  it('is told to the engine that has the run', async () =>
    expect(await tellRunEnd(clientOf({ 'runs.stop': 'report' }), told, never)).toBe('report'));

  it('is told to the next engine where that one ends before it answers', async () => {
    const next = clientOf({ 'runs.stop': 'report of the next' });
    const closed = clientOf({ 'runs.stop': failure('contract/closed') });
    expect(await tellRunEnd(closed, told, async () => next)).toBe('report of the next');
    expect(next.asked).toEqual(['runs.stop run1']);
  });

  it('is read there where the first had heard it and only its answer was lost', async () => {
    const next = clientOf({ 'runs.stop': failure('runs/not-running'), 'runs.read': 'report on record' });
    const closed = clientOf({ 'runs.stop': failure('contract/closed') });
    expect(await tellRunEnd(closed, told, async () => next)).toBe('report on record');
    expect(next.asked).toEqual(['runs.stop run1', 'runs.read run1']);
  });

  it('fails where an engine refuses it: a run that another has ended, or an engine that says no', async () => {
    await expect(tellRunEnd(clientOf({ 'runs.stop': failure('runs/not-running') }), told, never)).rejects.toMatchObject(
      {
        code: 'runs/not-running',
      },
    );
    const next = clientOf({ 'runs.stop': failure('runs/not-found') });
    const closed = clientOf({ 'runs.stop': failure('contract/closed') });
    await expect(tellRunEnd(closed, told, async () => next)).rejects.toMatchObject({ code: 'runs/not-found' });
  });
});
