import { mostNameCharacters } from '../shared/contract/engine-contract.ts';

/**
 * What `wattrun run` was told as a name, as a run may bear it. An empty one, as an empty $VAR gives, is none, and one that is too long is cut, which is said:
 * neither is worth the measurement.
 */
export function runName(
  option: '--name' | '--project',
  text: string | undefined,
  say: (text: string) => void,
): string | undefined {
  const name = text?.trim() ?? '';
  if (name === '') return undefined;
  if (name.length <= mostNameCharacters) return name;
  say(`wattrun: what ${option} says is longer than ${mostNameCharacters} characters, and is cut there.`);
  const cut = name.slice(0, mostNameCharacters);
  // The cut may have gone through the middle of a character.
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
