"""What launchers tell their ranks, and what is one run by it."""

import unittest

from wattrun._address import data_directory
from wattrun._job import job_of, local_rank_of


class Jobs(unittest.TestCase):
    def test_the_outermost_launcher_names_the_job(self):
        slurm = {"SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0", "SLURM_PROCID": "1", "SLURM_NTASKS": "4"}
        torchrun = {"TORCHELASTIC_RUN_ID": "abc", "WORLD_SIZE": "4", "RANK": "1"}
        place = {"MASTER_ADDR": "n1", "MASTER_PORT": "29500", "WORLD_SIZE": "4"}
        for environment, job in (
            ({}, None),
            (slurm, "slurm:7.0"),
            ({**slurm, **torchrun}, "slurm:7.0"),
            (torchrun, "torchrun:abc"),
            ({**torchrun, **place, "TORCHELASTIC_RUN_ID": "none"}, "torchrun:n1:29500"),
            (place, "torchrun:n1:29500"),
            ({**torchrun, "WORLD_SIZE": "1"}, None),
            ({"OMPI_COMM_WORLD_SIZE": "2", "PMIX_NAMESPACE": "ns.1"}, "mpi:ns.1"),
            ({"RAY_JOB_ID": "01000000", "WORLD_SIZE": "8"}, "ray:01000000"),
            # The batch script is one process, however many tasks the job may start.
            ({"SLURM_JOB_ID": "7", "SLURM_NTASKS": "4"}, None),
            # An array's task has a job id of its own.
            ({**slurm, "SLURM_ARRAY_JOB_ID": "6", "SLURM_ARRAY_TASK_ID": "1"}, "slurm:7.0"),
            ({**slurm, "SLURM_STEP_ID": "4294967291"}, None),
            ({"WORLD_SIZE": "many"}, None),
        ):
            with self.subTest(environment=environment):
                self.assertEqual(job_of(environment), job)

    def test_the_local_rank_is_the_launcher_s(self):
        self.assertEqual(local_rank_of({"LOCAL_RANK": "3", "SLURM_LOCALID": "0"}), 3)
        self.assertEqual(local_rank_of({"SLURM_LOCALID": "2"}), 2)
        self.assertEqual(local_rank_of({}), 0)

    def test_the_data_directory_is_the_engine_s(self):
        self.assertEqual(data_directory({"WATTRUN_HOME": "/a"}, "linux"), "/a")
        self.assertEqual(data_directory({"XDG_DATA_HOME": "/x"}, "linux"), "/x/wattrun")
        self.assertEqual(data_directory({"LOCALAPPDATA": "/L"}, "win32"), "/L/wattrun")
        self.assertTrue(data_directory({}, "darwin").endswith("/Library/Application Support/wattrun"))
