/** Who told a run's steps, as words. */
export interface SourceWords {
  readonly key: 'source.api' | 'source.manual' | 'source.log' | 'source.file';
  readonly values: { readonly reader: string };
}

const names: Readonly<Record<string, string>> = {
  tqdm: 'tqdm',
  'hf-trainer': 'Hugging Face Trainer',
  keras: 'Keras',
  torchtune: 'torchtune',
  nanogpt: 'nanoGPT',
  generic: 'step=…',
  pattern: '--marks-pattern',
  tensorboard: 'TensorBoard',
  wandb: 'W&B',
  'trainer-state': 'trainer_state.json',
};

export function sourceWords(source: string): SourceWords {
  const [from, id = ''] = source.split(':');
  const values = { reader: names[id] ?? id };
  if (from === 'log' || from === 'file') return { key: `source.${from}`, values };
  return { key: from === 'manual' ? 'source.manual' : 'source.api', values };
}
