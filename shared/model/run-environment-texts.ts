import type { RunEnvironment } from './run-environment.ts';

/** The environment in single texts, as tables show it; null where nothing of it is known. */
export interface EnvironmentTexts {
  /** 'Debian GNU/Linux 12 (bookworm), Linux 6.1.0-18-amd64'. */
  readonly os: string | null;
  readonly cpu: string | null;
  /** '8 × NVIDIA H100 80GB HBM3'. */
  readonly gpus: string | null;
  /** '580.65.06, CUDA 13.0'. */
  readonly driver: string | null;
  /** '3.12.4, /opt/venv/bin/python, /opt/venv'. */
  readonly python: string | null;
  readonly wattrunVersion: string | null;
}

export function environmentTexts(environment: RunEnvironment): EnvironmentTexts {
  const { os, kernel, cpu, gpus, driverVersion, cudaVersion, python, wattrunVersion } = environment;
  return {
    os: joined([os, kernel]),
    cpu,
    gpus: joined([...counted(gpus)]),
    driver: joined([driverVersion, cudaVersion === null ? null : `CUDA ${cudaVersion}`]),
    python: python === null ? null : joined([python.version, python.executable, python.environment]),
    wattrunVersion,
  };
}

/** 'NAME=value', one a line, in alphabetical order: what an env file would hold. */
export const variableLines = ({ variables }: RunEnvironment): readonly string[] =>
  Object.entries(variables).map(([name, value]) => `${name}=${value}`);

function joined(parts: readonly (string | null)[]): string | null {
  const known = parts.filter((part) => part !== null && part !== '');
  return known.length === 0 ? null : known.join(', ');
}

function counted(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`));
}
