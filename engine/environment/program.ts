import { setTimeout as delay } from 'node:timers/promises';
import type { Program } from '../../shared/model/run-environment.ts';
import { printable } from '../machine/process-facts.ts';
import { type Launch, readPython } from './python.ts';
import { trainingVariables } from './training-variables.ts';

/** What a program brings along; its interpreter is left out where its files do not answer in time. */
export async function readProgram(launch: Launch, limitMs: number): Promise<Program> {
  const stop = new AbortController();
  const late = delay(limitMs, null, { signal: stop.signal, ref: false }).catch(() => null);
  const python = await Promise.race([readPython(launch).catch(() => null), late]);
  stop.abort();
  return { python, variables: { ...trainingVariables(launch.environment) } };
}

const mostCharacters = 4096;
const plain = (text: string | null): string | null =>
  text === null ? null : printable(text).slice(0, mostCharacters) || null;

/** What another program says of itself: never more than what would have been read of it. */
export const soundProgram = ({ python, variables }: Program): Program => ({
  python:
    python === null
      ? null
      : {
          executable: plain(python.executable),
          version: plain(python.version),
          environment: plain(python.environment),
        },
  variables: { ...trainingVariables(variables) },
});
