type Environment = Readonly<Record<string, string | undefined>>;

/** A launcher that starts a command once a rank, and by what its ranks know that they belong together. */
interface Launcher {
  readonly key: (environment: Environment, parentPid: number) => string | null;
  /** How many ranks there are, where it says so. */
  readonly ranks: readonly string[];
}

const launchers: readonly Launcher[] = [
  {
    // Without a name of its own it is called 'none': then the launcher, which is the parent of all its ranks, tells it from another.
    key: ({ TORCHELASTIC_RUN_ID: id }, parentPid) =>
      id === undefined || id === '' ? null : id === 'none' ? `torchrun:none@${parentPid}` : `torchrun:${id}`,
    ranks: ['LOCAL_WORLD_SIZE', 'WORLD_SIZE'],
  },
  {
    key: ({ SLURM_JOB_ID: job, SLURM_STEP_ID: step }) => (job && step ? `slurm:${job}.${step}` : null),
    ranks: ['SLURM_STEP_NUM_TASKS', 'SLURM_NTASKS'],
  },
  {
    key: ({ OMPI_MCA_ess_base_jobid: job, PMIX_NAMESPACE: space }) => (space || job ? `mpi:${space || job}` : null),
    ranks: ['OMPI_COMM_WORLD_SIZE'],
  },
  {
    key: ({ PMI_JOBID: job, PMI_RANK: rank, OMPI_COMM_WORLD_RANK: ompiRank }, parentPid) =>
      job ? `mpi:${job}` : rank !== undefined || ompiRank !== undefined ? `mpi:@${parentPid}` : null,
    ranks: ['PMI_SIZE', 'OMPI_COMM_WORLD_SIZE'],
  },
  { key: ({ RAY_JOB_ID: job }) => (job ? `ray:${job}` : null), ranks: [] },
];

/** What this command has in common with the other ranks of its job; null where it is alone. */
export function jobKey(environment: Environment, parentPid: number): string | null {
  for (const { key, ranks } of launchers) {
    const found = key(environment, parentPid);
    if (found === null) continue;
    const said = ranks.map((name) => environment[name]).find((count) => count !== undefined && count !== '');
    return said === '1' ? null : found.slice(0, 200);
  }
  return null;
}
