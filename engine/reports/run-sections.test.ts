import { expect, it } from 'vitest';
import { emissionsDetailSchema } from '../../shared/model/carbon.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { exampleDomainTotals, exampleGpu, exampleRun, exampleTotals } from '../../tests/examples.ts';
import { runReport } from './run-report.ts';
import { runSections } from './run-sections.ts';

const bare = runReport({
  record: exampleRun({ status: 'finished', exitCode: 0 }),
  totals: exampleTotals({ totalJoules: 20_000 }),
  domains: [{ domain: exampleGpu(), totals: exampleDomainTotals() }],
  gaps: [],
  marks: [],
  alerts: [],
  wall: null,
});
const textOf = (report: RunReport): string => JSON.stringify(runSections(report, null));

const counted = { joulesEach: 5000, lowJoulesEach: 4000, highJoulesEach: 6000, isShort: false, source: 'log:generic' };
const full: RunReport = {
  ...bare,
  progress: { ...bare.progress, steps: { ...counted, count: 4 } },
  epochs: [
    {
      index: 1,
      isDone: true,
      from: bare.run.startedAt,
      to: bare.run.startedAt,
      seconds: 50,
      joules: 10_000,
      lowJoules: 9000,
      highJoules: 11_000,
      coverage: 1,
      steps: 2,
      isShort: false,
    },
  ],
  emissions: {
    ...bare.emissions,
    ...emissionsDetailSchema.parse({
      byIntensity: [
        {
          source: 'Grid of Mars',
          kind: 'marginal',
          isEstimated: true,
          isFallback: false,
          joules: 20_000,
          energyRatio: 1,
          gramsCO2e: 1.5,
          intensityGramsCO2ePerKwh: 270,
        },
      ],
      market: {
        intensityGramsCO2ePerKwh: 12,
        source: 'Wind contract',
        gramsCO2e: 0.07,
        lowGramsCO2e: null,
        highGramsCO2e: null,
      },
      embodied: { gramsCO2e: 9, kilogramsCO2e: 1500, shareRatio: 0.5, items: [] },
      water: { liters: 0.0123, litersPerKwh: 1.8 },
      sci: { isEmbodiedIncluded: true, perRun: 10.5, perEpoch: null, perStep: 2.625, perSample: null, perToken: null },
    }),
  },
  cost: {
    ...{ amount: 0.002, pricePerKwh: 0.36, currency: 'EUR' },
    byPrice: [{ label: 'night', pricePerKwh: 0.1, joules: 20_000, energyRatio: 1, amount: 0.00055 }],
  },
  environment: {
    os: 'Debian GNU/Linux 12',
    kernel: null,
    cpu: 'AMD EPYC',
    gpus: ['NVIDIA H100', 'NVIDIA H100'],
    driverVersion: '580.65',
    cudaVersion: '13.0',
    wattrunVersion: '0.1.0',
    unread: [{ label: 'NVIDIA energy counter (NVML)', reason: 'NVML does not start: the driver is not loaded.' }],
    python: { executable: '/venv/bin/python3', version: '3.12.4', environment: '/venv' },
    variables: { OMP_NUM_THREADS: '8' },
  },
};

it('tells epochs, steps, what emissions stand on, what stands beside them, prices and the environment', () => {
  const text = textOf(full);
  for (const part of [
    '"Steps","4","1.4 Wh (1.1 – 1.7)"',
    'Grid of Mars (marginal, estimated)',
    'Wind contract',
    'of 1,500 kg CO₂e declared',
    '0.0123 L at 1.8 L/kWh',
    '10.5 g CO₂e per run, 2.63 g CO₂e per step; with the embodied share',
    '"night","0.1"',
    '"NVIDIA energy counter (NVML)","NVML does not start: the driver is not loaded."',
    '"OMP_NUM_THREADS","8"',
    '3.12.4, /venv/bin/python3',
  ])
    expect.soft(text).toContain(part);
});

it('leaves out what the run does not tell', () => {
  const text = textOf({ ...bare, environment: null });
  for (const title of ['Epochs and steps', 'Environment', 'Intensity by', 'Wind contract'])
    expect(text).not.toContain(`"${title}"`);
});

it('the mean beside the energy of the run is the run’s own, and what is the whole device’s says so', () => {
  const [gpu] = bare.energy.domains;
  if (gpu === undefined) throw new Error('There is no device.');
  const shared = { ...gpu, joules: 40_000, runJoules: 10_000, meanWatts: 400, peakWatts: 450 };
  const text = textOf({ ...bare, energy: { ...bare.energy, domains: [shared] } });
  expect(text).toContain('"Energy of the run","Mean","Whole device","Device peak"');
  // A quarter of 400 W.
  expect(text).toMatch(/"100 W","[^"]+","450 W"/);
});

it('SCI scores have no more digits than the emissions they stand on', () => {
  const emissions = { ...bare.emissions, gramsCO2e: 0.0175, lowGramsCO2e: 0.005, highGramsCO2e: 0.045 };
  const sci = {
    isEmbodiedIncluded: false,
    perRun: 0.0175,
    perEpoch: null,
    perStep: null,
    perSample: null,
    perToken: null,
  };
  const text = textOf({ ...bare, emissions: { ...emissions, sci } });
  expect(text).toContain('["Emissions","0.02 g CO₂e"]');
  expect(text).toContain('["SCI score","0.02 g CO₂e per run; no embodied emissions are declared"]');
});

it('the whole device has no more digits than the run’s share of it, which is no larger', () => {
  const [gpu] = bare.energy.domains;
  if (gpu === undefined) throw new Error('There is no device.');
  // The run’s 39.7 J of 3 to 120 J end at tens of joules; the device's own bounds would leave it three digits.
  const share = { joules: 39.8, lowJoules: 39, highJoules: 40.6, runJoules: 39.7, runLowJoules: 3, runHighJoules: 120 };
  const text = textOf({ ...bare, energy: { ...bare.energy, domains: [{ ...gpu, ...share }] } });
  expect(text).toMatch(/"40 J \([^)]+\)","[^"]+","40 J"/);
});
