import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FakeAmdTool {
  /** What it prints from now on, by its first argument ('metric', 'list', 'static'); any other argument gets '*'. */
  print(answers: Readonly<Record<string, string>>): void;
  /** First arguments of its calls so far. */
  calls(): readonly string[];
}

interface FakeAmdToolTraits {
  /** A tool that hangs. */
  readonly sleepSeconds?: number;
  /** Options that it says it does not know, as amd-smi does of `--energy` where it sees a hypervisor. */
  readonly unknownOptions?: readonly string[];
}

/** Puts an executable `amd-smi` or `rocm-smi` into the folder that prints what it is told to. */
export function installFakeAmdTool(
  binFolder: string,
  name: string,
  { sleepSeconds = 0, unknownOptions = [] }: FakeAmdToolTraits = {},
): FakeAmdTool {
  const folder = join(binFolder, `${name}-answers`);
  mkdirSync(folder, { recursive: true });
  const log = join(folder, 'calls.log');
  writeFileSync(log, '');
  const file = join(binFolder, name);
  const wait = sleepSeconds === 0 ? '' : `exec /bin/sleep ${sleepSeconds}\n`;
  const refusals = unknownOptions.map(
    (option) => `case " $* " in *' ${option} '*)
  echo "{\\"error\\": \\"Parameter '${option}' is invalid. Run 'amd-smi $1 -h' for more info.\\", \\"code\\": -2}"; exit 254;;
esac
`,
  );
  writeFileSync(
    file,
    `#!/bin/sh
echo "$1" >> '${log}'
${refusals.join('')}${wait}if [ -f '${folder}/answer-'"$1" ]; then exec /bin/cat '${folder}/answer-'"$1"; fi
if [ -f '${folder}/answer-*' ]; then exec /bin/cat '${folder}/answer-*'; fi
echo "no answer" >&2
exit 1
`,
  );
  chmodSync(file, 0o755);
  return {
    print(answers) {
      for (const [argument, text] of Object.entries(answers)) {
        const answer = join(folder, `answer-${argument}`);
        // Renamed over, so that no call prints half an answer.
        writeFileSync(`${answer}.partial`, text);
        renameSync(`${answer}.partial`, answer);
      }
    },
    calls: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
  };
}

export interface FakeAmdGpu {
  readonly gpu: number;
  readonly powerWatts: number | 'N/A';
  readonly energyJoules?: number;
}

/** As `amd-smi metric --json` prints it. */
export const amdSmiMetric = (gpus: readonly FakeAmdGpu[]): string =>
  JSON.stringify(
    gpus.map(({ gpu, powerWatts, energyJoules }) => ({
      gpu,
      usage: { gfx_activity: { value: 42, unit: '%' } },
      power: { socket_power: powerWatts === 'N/A' ? 'N/A' : { value: powerWatts, unit: 'W' } },
      energy: energyJoules === undefined ? 'N/A' : { total_energy_consumption: { value: energyJoules, unit: 'J' } },
      mem_usage: { total_vram: { value: 65_520, unit: 'MB' }, used_vram: { value: 16, unit: 'MB' } },
    })),
  );
