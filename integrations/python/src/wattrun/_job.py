"""The job that this process is a rank of, as launchers tell it in the environment."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Mapping, Optional

_world_sizes = ("WORLD_SIZE", "SLURM_NTASKS", "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS")
_local_ranks = ("LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "SLURM_LOCALID", "PALS_LOCAL_RANKID")
#: SLURM's numbers for the parts of a job that no `srun` started: batch script, extern, interactive.
_least_special_step = 4294967280


def job_of(environment: Optional[Mapping[str, str]] = None) -> Optional[str]:
    """`slurm:JOB.STEP`, `torchrun:ID`, `mpi:ID` or `ray:ID` where this is one of several ranks; None where it is alone.

    Ranks that give the same one are one run. The outermost launcher speaks: `srun torchrun` is one SLURM step.
    """
    env = os.environ if environment is None else environment
    if not _is_one_of_many(env):
        return None
    return _slurm(env) or _torchrun(env) or _mpi(env) or _ray(env) or _rendezvous(env)


def local_rank_of(environment: Optional[Mapping[str, str]] = None) -> int:
    """This rank among those on this machine, from 0; 0 where nobody says."""
    env = os.environ if environment is None else environment
    for name in _local_ranks:
        value = _number(env.get(name))
        if value is not None:
            return value
    return 0


def _is_one_of_many(env: Mapping[str, str]) -> bool:
    sizes = [_number(env.get(name)) for name in _world_sizes]
    if any(size is not None and size > 1 for size in sizes):
        # Tasks of the job are no ranks of the batch script, which runs once.
        is_batch = env.get("SLURM_JOB_ID") is not None and env.get("SLURM_PROCID") is None
        own = [_number(env.get(name)) for name in _world_sizes if name != "SLURM_NTASKS"]
        return not is_batch or any(size is not None and size > 1 for size in own)
    return False


def _slurm(env: Mapping[str, str]) -> Optional[str]:
    # An array's task has a job id of its own, which SLURM_JOB_ID is.
    job = env.get("SLURM_JOB_ID")
    if not job or env.get("SLURM_PROCID") is None:
        return None
    step = _number(env.get("SLURM_STEP_ID"))
    if step is None or step >= _least_special_step:
        return f"slurm:{job}.batch" if _number(env.get("WORLD_SIZE")) not in (None, 1) else None
    return f"slurm:{job}.{step}"


def _torchrun(env: Mapping[str, str]) -> Optional[str]:
    job = env.get("TORCHELASTIC_RUN_ID")
    if not job:
        return None
    # Without a rendezvous of its own torchrun calls every job 'none': then where its ranks meet tells them apart.
    return f"torchrun:{job}" if job != "none" else _rendezvous(env)


def _mpi(env: Mapping[str, str]) -> Optional[str]:
    if not any(name in env for name in ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS")):
        return None
    for name in ("PMIX_NAMESPACE", "PMI_JOBID", "HYDRA_LAUNCHER_ID", "OMPI_MCA_ess_base_jobid"):
        if env.get(name):
            return f"mpi:{env[name]}"
    # The daemon that starts the ranks of one machine is the parent of them all.
    return f"mpi:ppid-{os.getppid()}"


def _ray(env: Mapping[str, str]) -> Optional[str]:
    return f"ray:{env['RAY_JOB_ID']}" if env.get("RAY_JOB_ID") else None


def _rendezvous(env: Mapping[str, str]) -> Optional[str]:
    address, port = env.get("MASTER_ADDR"), env.get("MASTER_PORT")
    return f"torchrun:{address}:{port}" if address and port else None


def _number(text: Optional[str]) -> Optional[int]:
    try:
        return int(text) if text else None
    except ValueError:
        return None
