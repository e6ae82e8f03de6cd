import { describe, expect, it } from 'vitest';
import { jobKey } from './job-key.ts';

describe('what a rank has in common with the others of its job', () => {
  it.each([
    ['srun', { SLURM_JOB_ID: '4711', SLURM_STEP_ID: '0', SLURM_NTASKS: '4' }, 'slurm:4711.0'],
    ['torchrun', { TORCHELASTIC_RUN_ID: 'a1b2', WORLD_SIZE: '8' }, 'torchrun:a1b2'],
    ['torchrun without a name', { TORCHELASTIC_RUN_ID: 'none', WORLD_SIZE: '8' }, 'torchrun:none@77'],
    // Each rank of a step that srun started may start ranks of its own: the inner launcher speaks.
    ['torchrun below srun', { TORCHELASTIC_RUN_ID: 'x', SLURM_JOB_ID: '1', SLURM_STEP_ID: '2' }, 'torchrun:x'],
    ['mpirun of Open MPI', { PMIX_NAMESPACE: 'prterun-box-9@1', OMPI_COMM_WORLD_SIZE: '2' }, 'mpi:prterun-box-9@1'],
    ['mpirun of MPICH', { PMI_RANK: '1', PMI_SIZE: '2' }, 'mpi:@77'],
    ['Ray', { RAY_JOB_ID: '02000000' }, 'ray:02000000'],
  ])('by %s', (_launcher, environment, key) => {
    expect(jobKey(environment, 77)).toBe(key);
  });

  it.each([
    ['nothing', {}],
    ['a batch script, which is no step', { SLURM_JOB_ID: '4711' }],
    ['a step of one task', { SLURM_JOB_ID: '4711', SLURM_STEP_ID: '0', SLURM_NTASKS: '1' }],
    ['empty names', { TORCHELASTIC_RUN_ID: '', SLURM_JOB_ID: '', SLURM_STEP_ID: '', RAY_JOB_ID: '' }],
  ])('is nothing by %s', (_launcher, environment) => {
    expect(jobKey(environment, 77)).toBeNull();
  });
});
