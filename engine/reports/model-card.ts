import type { RunReport } from '../../shared/model/run.ts';
import { deviceWords } from '../../shared/model/run-devices.ts';
import { evidenceWords } from './evidence-words.ts';
import type { ExportDefinition } from './export-format.ts';

interface Gathered {
  grams: number;
  readonly sources: Set<string>;
  readonly places: Set<string>;
  readonly hardware: Set<string>;
  readonly trainings: Set<string>;
  without: number;
}

/** Tags of a run that tell it: `wattrun run --tag training_type=fine-tuning`. */
const trainingTags = ['training_type', 'training-type'] as const;
const untoldTraining = 'not stated';

/** By the Hub's documentation `emissions` is grams of CO2e. Nothing here is rounded: the Hub shows what it is given. */
async function yamlOf(gathered: Gathered): Promise<string> {
  const { stringify } = await import('yaml');
  const { grams, sources, places, hardware, trainings } = gathered;
  return stringify(
    {
      co2_eq_emissions: {
        emissions: grams,
        source: [...sources].join('; '),
        training_type: trainings.size === 0 ? untoldTraining : [...trainings].join('; '),
        geographical_location: [...places].join('; '),
        hardware_used: [...hardware].join('; '),
      },
    },
    { lineWidth: 0 },
  );
}

function sourceOf({ emissions, energy, run }: RunReport, version: string): string {
  const evidence = energy.provenance === null ? '' : `, energy by ${evidenceWords[energy.provenance]}`;
  const year = emissions.intensityYear === null ? '' : ` ${emissions.intensityYear}`;
  const made = run.isSimulated ? ', simulated data' : '';
  return `Wattrun ${version}${evidence}, ${emissions.intensityGramsCO2ePerKwh} gCO2e/kWh (${emissions.intensitySource}${year}), PUE ${emissions.pue}${made}`;
}

/** `co2_eq_emissions` of a Hugging Face model card's metadata, of all runs together. Source: https://huggingface.co/docs/hub/model-cards-co2 */
export const modelCardExport: ExportDefinition = {
  format: { id: 'model-card', label: 'Hugging Face model card', extension: 'yaml', mimeType: 'application/yaml' },
  async *render(runs, { version }) {
    const gathered: Gathered = {
      grams: 0,
      sources: new Set(),
      places: new Set(),
      hardware: new Set(),
      trainings: new Set(),
      without: 0,
    };
    for (const { report } of runs) {
      const { gramsCO2e, regionName } = report.emissions;
      if (gramsCO2e === null) {
        gathered.without += 1;
        continue;
      }
      gathered.grams += gramsCO2e;
      gathered.sources.add(sourceOf(report, version));
      gathered.places.add(regionName);
      for (const tag of trainingTags)
        if (report.run.tags[tag] !== undefined) gathered.trainings.add(report.run.tags[tag]);
      const devices = deviceWords(report.energy.domains);
      if (devices !== null) gathered.hardware.add(devices);
    }
    yield '# For the metadata of a model card: between the two --- lines at the top of its README.md. Emissions are grams of CO2e.\n';
    if (gathered.without > 0) yield `# ${gathered.without} of the runs had no energy and are not in it.\n`;
    yield gathered.sources.size > 0 ? await yamlOf(gathered) : 'co2_eq_emissions: null\n';
  },
};
