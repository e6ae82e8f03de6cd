import { WattrunError } from '../shared/contract/errors.ts';

export interface ReadingTyping {
  /** Null: the person is asked no more. */
  readonly ask: () => Promise<string | null>;
  readonly send: (wallWatts: number) => Promise<unknown>;
  readonly say: (text: string) => void;
}

/** Asks what a wattmeter says until it is a number that the engine takes. False: nobody answers any more. */
export async function typeReading({ ask, send, say }: ReadingTyping): Promise<boolean> {
  for (;;) {
    const answer = await ask();
    if (answer === null) return false;
    const wallWatts = Number(answer.trim().replace(',', '.'));
    if (answer.trim() === '' || !Number.isFinite(wallWatts) || wallWatts < 0) continue;
    try {
      await send(wallWatts);
      return true;
    } catch (error) {
      // What was mistyped can be typed again: two minutes are not lost for it.
      if (!(error instanceof WattrunError && error.code === 'calibration/no-rise')) throw error;
      say(error.message);
    }
  }
}
