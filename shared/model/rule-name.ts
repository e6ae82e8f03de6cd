import type { RuleDescriptor, RuleParams } from './alert.ts';

/** The name of a rule that nobody named: 'Power above 4500 W for 30 s', 'Budget 50 kWh (month)'. Choices stand in their words, written small. */
export function usualRuleName(
  { nameTemplate, choices }: Pick<RuleDescriptor, 'nameTemplate' | 'choices'>,
  params: RuleParams,
): string {
  const word = (key: string): string | undefined =>
    choices
      .find((choice) => choice.key === key)
      ?.choices.find(({ value }) => value === params[key])
      ?.label.toLowerCase();
  return nameTemplate.replaceAll(/\{(\w+)\}/g, (_, key: string) => word(key) ?? String(params[key] ?? ''));
}
