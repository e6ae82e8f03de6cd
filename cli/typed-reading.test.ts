import { expect, it } from 'vitest';
import { WattrunError } from '../shared/contract/errors.ts';
import { typeReading } from './typed-reading.ts';

/** A person who answers this, one after the other, and an engine that takes what is above 70 W. */
function type(...answers: readonly string[]) {
  const sent: number[] = [];
  const said: string[] = [];
  const left = [...answers];
  const isSent = typeReading({
    ask: async () => left.shift() ?? null,
    async send(wallWatts) {
      if (wallWatts <= 70) throw new WattrunError('calibration/no-rise', 'More than 70 W.');
      sent.push(wallWatts);
    },
    say: (text) => said.push(text),
  });
  return isSent.then((value) => ({ isSent: value, sent, said }));
}

it('a reading is taken with a point or a comma, and asked again where it is none', async () => {
  expect(await type('', 'ten', '-4', ' 170,5 ')).toEqual({ isSent: true, sent: [170.5], said: [] });
  expect(await type('ten')).toEqual({ isSent: false, sent: [], said: [] });
});

it('a reading under load that is not above idle is told so at once, and asked again', async () => {
  expect(await type('70', '170')).toEqual({ isSent: true, sent: [170], said: ['More than 70 W.'] });
});
