import { createOutputMarks } from '../../engine/output/output-marks.ts';
import { createPatternReader } from '../../engine/output/pattern-reader.ts';
import { outputReaders } from '../../engine/output/readers/registry.ts';
import type { Client } from '../../shared/contract/client.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import { type ChildOutput, openChildOutput, ownOutput } from './child-output.ts';
import { createMarkSender } from './mark-sender.ts';

export interface ReadOutputOptions {
  readonly isRead: boolean;
  /** The user's own pattern; undefined: only what is known. */
  readonly pattern: string | undefined;
  readonly say: (text: string) => void;
}

/** A command's output on its way to ours, and its marks on theirs to the run. */
export interface ReadOutput {
  readonly output: ChildOutput;
  /** The run is on record: marks may be sent. */
  open(client: () => Client<EngineContract>, runId: string): void;
  /** The command has ended: resolves when its marks are sent, or after a moment where its output is held up. */
  sendLast(): Promise<void>;
  /** Resolves when its output is written whole, and true where marks came after the last that were sent. */
  finish(): Promise<boolean>;
}

/** With its end a command's output ends too, unless somebody else holds it or nobody takes it: then its run does not wait. */
const heldUpMs = 50;

/** Throws 'contract/invalid' for a pattern that is none. */
export function readOutput({ isRead, pattern, say }: ReadOutputOptions): ReadOutput {
  const sender = createMarkSender(`${process.pid.toString(36)}${Date.now().toString(36)}`);
  let count = 0;
  const tooSlow = (): void => say('wattrun: the pattern for marks takes too long and is not used any more.');
  const own = pattern === undefined ? [] : [createPatternReader(pattern, tooSlow)];
  const marks = createOutputMarks({
    readers: [...own, ...outputReaders],
    onMark(mark) {
      count++;
      sender.add(mark);
    },
  });
  const opened = isRead ? openChildOutput({ marks, say }) : ownOutput;
  if (opened === null) say('wattrun: on this system no marks are read from the output.');
  const output = opened ?? ownOutput;
  let ending: Promise<void> | null = null;
  let sent = 0;
  const end = (): Promise<void> => {
    ending ??= output.finish();
    return ending;
  };
  const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  return {
    output,
    open: sender.open,
    async sendLast() {
      await Promise.race([end(), delay(heldUpMs)]);
      sent = count;
      await sender.finish();
    },
    async finish() {
      await end();
      return count > sent;
    },
  };
}
