/** What an energy was found by, as reports say it. */
export const evidenceWords = {
  counter: 'hardware energy counters',
  sensor: 'power sensors, integrated over time',
  model: 'models of what was measured otherwise (load, memory)',
  assumed: 'estimates whose inputs are assumed',
} as const;
