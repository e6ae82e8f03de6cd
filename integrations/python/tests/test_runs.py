"""Runs, marks and windows against an engine that goes away, comes back, is slow, refuses, or was never there."""

import threading
import unittest

from .fake_engine import FakeEngine, program, until


class WithEngine(unittest.TestCase):
    def setUp(self):
        self.engine = FakeEngine(self).start()

    def run_program(self, code, **environment):
        ended = program("import wattrun, os, sys, time\n" + code, self.engine.home, **environment)
        self.assertNotIn("Traceback", ended.stderr)
        return ended

    def test_marks_carry_steps_epochs_tokens_and_metrics(self):
        ended = self.run_program(
            "with wattrun.run('r', project='p', tags={'lr': 1}) as run:\n"
            "    for step in (1, 2, 3): wattrun.mark(step=step, tokens=step * 512, loss=1 / step)\n"
            "    wattrun.mark(epoch=1)\n"
            "print(run.energy_joules, run.energy().low_joules)"
        )
        self.assertEqual((ended.stdout, ended.stderr, ended.returncode), ("12.5 10\n", "", 0))
        (start,) = self.engine.runs.values()
        self.assertEqual((start["name"], start["project"], start["tags"], start["foundBy"]), ("r", "p", {"lr": "1"}, "api"))
        self.assertEqual([mark["value"] for mark in self.engine.all_marks("step")], [1, 2, 3])
        self.assertEqual([mark["value"] for mark in self.engine.all_marks("tokens")], [512, 1024, 1536])
        self.assertEqual([(mark["value"], mark["step"]) for mark in self.engine.all_marks("loss")], [(1, 1), (0.5, 2), (1 / 3, 3)])
        self.assertEqual([mark["value"] for mark in self.engine.all_marks("epoch")], [1])
        body = self.engine.stops[0][1]
        self.assertEqual((body["status"], body["exitCode"]), ("finished", 0))

    def test_a_count_that_is_none_is_left_out_and_said_and_takes_no_other_mark_with_it(self):
        ended = self.run_program(
            "with wattrun.run('r'):\n"
            "    for step in (1, 10**400, 2, -1, float('nan'), 3, 1e300): wattrun.mark(step=step)\n"
            "    wattrun.mark(tokens=10**30, samples='many', loss=-1e300)"
        )
        self.assertEqual([mark["value"] for mark in self.engine.all_marks("step")], [1, 2, 3])
        self.assertEqual([mark["value"] for mark in self.engine.all_marks("loss")], [-1e300])
        self.assertEqual(self.engine.all_marks("tokens") + self.engine.all_marks("samples"), [])
        self.assertEqual(ended.stderr.count("\n"), 1)
        self.assertIn("left out", ended.stderr)

    def test_what_is_logged_under_the_name_of_a_count_counts_nothing(self):
        self.run_program(
            "with wattrun.run('r'):\n"
            "    wattrun.mark(step=1)\n"
            "    wattrun.log({'step': 500, 'epoch': 7, 'tokens': 9, 'window-begin': 1, 'loss': 2}, step=1)\n"
            "    wattrun.mark(step=2, **{'window-end': 3, 'note': 4})"
        )
        self.assertEqual([mark["value"] for mark in self.engine.all_marks("step")], [1, 2])
        self.assertEqual(
            sorted(mark["kind"] for mark in self.engine.all_marks() if mark["kind"] != "step"),
            ["log/epoch", "log/note", "log/step", "log/tokens", "log/window-begin", "log/window-end", "loss"],
        )

    def test_an_epoch_said_with_every_step_is_done_at_the_last_of_them(self):
        self.run_program("with wattrun.run('r'):\n    for s in range(1, 7): wattrun.mark(step=s, epoch=(s + 2) // 3)")
        self.assertEqual([(mark["value"], mark["step"]) for mark in self.engine.all_marks("epoch")], [(1, 3), (2, 6)])

    def test_windows_nest_and_overlap_and_have_their_own_energy(self):
        ended = self.run_program(
            "with wattrun.run('r'):\n"
            "    with wattrun.window('outer'):\n"
            "        with wattrun.window('inner') as inner: pass\n"
            "    a = wattrun.window('a').begin(); b = wattrun.window('b').begin(); a.end(); b.end()\n"
            "    print(inner.energy_joules, b.energy_joules)"
        )
        marks = [(mark["kind"][7:], mark["label"]) for mark in self.engine.all_marks()]
        self.assertEqual([name for kind, name in marks if kind == "begin"], ["outer", "inner", "a", "b"])
        self.assertEqual([name for kind, name in marks if kind == "end"], ["inner", "outer", "a", "b"])
        self.assertEqual(len({mark["windowId"] for mark in self.engine.all_marks()}), 4)
        # The fake gives each mark its index as joules: inner lies between the marks 1 and 2, b between 5 and 7.
        self.assertEqual(ended.stdout, "1.0 2.0\n")

    def test_decorators_async_blocks_and_generators(self):
        self.run_program(
            "import asyncio\n"
            "@wattrun.run('whole')\n"
            "async def main():\n"
            "    async with wattrun.window('w'): wattrun.mark(step=1)\n"
            "    assert list(steps()) == [1, 2]\n"
            "@wattrun.window('gen')\n"
            "def steps():\n"
            "    yield 1\n"
            "    yield 2\n"
            "asyncio.run(main())"
        )
        self.assertEqual([mark["label"] for mark in self.engine.all_marks("window-begin")], ["w", "gen"])
        self.assertEqual([mark["label"] for mark in self.engine.all_marks("window-end")], ["w", "gen"])

    def test_ten_thousand_marks_through_restarts_are_each_there_once(self):
        def disturb():
            for _ in range(3):
                seen = len(self.engine.all_marks())
                until(lambda: len(self.engine.all_marks()) > seen, 10)  # noqa: B023
                self.engine.drop_answers = 2
                self.engine.stop()
                self.engine.start()

        disturber = threading.Thread(target=disturb)
        disturber.start()
        ended = self.run_program(
            "with wattrun.run('r') as run:\n"
            "    for step in range(1, 10001):\n"
            "        wattrun.mark(step=step)\n"
            "        if step % 4 == 0: time.sleep(0.001)\n"
            "run.energy(timeout=30)"
        )
        disturber.join()
        self.assertEqual(ended.stderr, "")
        self.assertEqual(sorted(mark["value"] for mark in self.engine.all_marks("step")), list(range(1, 10001)))
        self.assertGreater(self.engine.repeated, 0, "no answer was lost: nothing was shown")

    def test_what_could_not_be_sent_is_sent_by_the_next_program(self):
        self.engine.delay_seconds = 0
        code = (
            "run = wattrun.run('first').start(); wattrun.mark(step=1); run.energy()\n"
            "open(os.environ['WATTRUN_HOME'] + '/go', 'w').close()\n"
            "while not os.path.exists(os.environ['WATTRUN_HOME'] + '/gone'): time.sleep(0.01)\n"
            "for step in range(2, 52): wattrun.mark(step=step)"
        )
        results = []
        thread = threading.Thread(target=lambda: results.append(self.run_program(code)))
        thread.start()
        import os

        self.assertTrue(until(lambda: os.path.exists(self.engine.home + "/go") and len(self.engine.all_marks()) == 1))
        self.engine.stop()
        open(self.engine.home + "/gone", "w").close()
        thread.join()
        self.assertEqual(results[0].returncode, 0)
        self.assertEqual(len(self.engine.all_marks("step")), 1)
        self.engine.start()
        self.run_program("wattrun.run('second').start().energy(); time.sleep(0.2)")
        self.assertTrue(until(lambda: len(self.engine.all_marks("step")) == 51))
        self.assertEqual(os.listdir(self.engine.home + "/python-spool"), [])

    def test_what_others_left_is_sent_while_nothing_of_a_program_s_own_waits(self):
        # 40 requests of a twentieth of a second: more than a program's end waits for.
        marks = [[{"kind": "step", "value": n, "id": f"old-{n}", "atMs": 1}] for n in range(40)]
        self.engine.keep(*[("api/v1/runs/old/marks", {"marks": one}) for one in marks])
        self.engine.delay_seconds, self.engine.delayed = 0.05, "/old/"
        code = "for k in range(3):\n    with wattrun.run(str(k)):\n        for step in range(500): wattrun.mark(step=step)\n"
        self.assertEqual(self.run_program(code).stderr, "")
        self.assertEqual([len(self.engine.marks[run]) for run in self.engine.runs], [500] * 3)
        self.assertEqual(len(self.engine.stops), 3)
        self.assertLess(len(self.engine.marks.get("old", ())), 40, "all was sent before: nothing was shown")
        self.run_program("run = wattrun.run('r').start(); time.sleep(1.5); wattrun.mark(step=1); time.sleep(2.5)")
        self.assertEqual((len(self.engine.marks["old"]), self.engine.kept()), (40, []))
        self.assertEqual(self.engine.repeated, 0)

    def test_a_run_that_begins_and_ends_while_the_engine_hangs_is_there_with_the_next_program(self):
        self.engine.goes_on.clear()
        ended = self.run_program("with wattrun.run('r'):\n    for step in range(500): wattrun.mark(step=step)")
        self.assertEqual(ended.stderr, "wattrun: the engine did not answer in time; kept for the next program: 500 marks of “r”.\n")
        # Its start had been sent: the engine takes it now, and refuses it when it comes again.
        self.engine.goes_on.set()
        self.assertTrue(until(lambda: len(self.engine.runs) == 1))
        self.assertEqual((self.engine.all_marks(), self.engine.stops), ([], []))
        self.assertEqual(self.run_program("with wattrun.run('next'): pass").stderr, "")
        (first, _) = self.engine.runs
        self.assertEqual([mark["value"] for mark in self.engine.marks[first].values()], list(range(500)))
        self.assertEqual({(run, body["status"]) for run, body in self.engine.stops if run == first}, {(first, "finished")})
        self.assertEqual((len(self.engine.runs), self.engine.kept()), (2, []))

    def test_an_impatient_ctrl_c_while_the_end_waits_loses_nothing(self):
        self.engine.goes_on.clear()
        # The second one comes while the end waits for the engine.
        ended = self.run_program(
            "import signal, threading\n"
            "from wattrun import _sender\n"
            "wait = threading.Event.wait\n"
            "def interrupted(self, timeout=None):\n"
            "    is_end = timeout == _sender._exit_seconds and threading.current_thread() is threading.main_thread()\n"
            "    if is_end: os.kill(os.getpid(), signal.SIGINT)\n"
            "    return wait(self, timeout)\n"
            "threading.Event.wait = interrupted\n"
            "try:\n"
            "    with wattrun.run('r'):\n"
            "        for step in range(500): wattrun.mark(step=step)\n"
            "        raise KeyboardInterrupt\n"
            "except KeyboardInterrupt: pass\n"
        )
        self.assertEqual(ended.stderr, "wattrun: the engine did not answer in time; kept for the next program: 500 marks of “r”.\n")
        self.engine.goes_on.set()
        self.run_program("with wattrun.run('next'): pass")
        self.assertEqual([mark["value"] for mark in self.engine.all_marks("step")], list(range(500)))
        self.assertEqual(sorted(body["status"] for _, body in self.engine.stops), ["finished", "stopped"])

    def test_a_start_that_never_came_is_sent_by_the_next_program_before_its_marks(self):
        self.engine.keep(
            ("api/v1/runs", {"runId": "asked1", "job": "torchrun:abc"}),
            ("api/v1/runs/asked1/marks", {"marks": [{"kind": "step", "value": 1, "id": "a-1"}]}),
            ("api/v1/runs/asked1/stop", {"status": "finished", "pid": 1}),
        )
        # Another rank of the job was there first.
        self.engine.jobs["torchrun:abc"] = "given1"
        self.run_program("with wattrun.run('next'): pass")
        self.assertEqual(len(self.engine.marks["given1"]), 1)
        self.assertIn("given1", [run for run, _ in self.engine.stops])

    def test_a_wrapped_program_marks_the_run_that_it_is_in(self):
        self.run_program("with wattrun.run('other'): wattrun.mark(step=1)", WATTRUN_RUN_ID="wrapped123")
        self.assertEqual(list(self.engine.marks), ["wrapped123"])
        self.assertEqual((self.engine.runs, self.engine.stops), ({}, []))

    def test_a_wrapped_program_needs_no_run_of_its_own(self):
        self.run_program("wattrun.mark(step=1)", WATTRUN_RUN_ID="wrapped123")
        self.assertEqual(len(self.engine.marks["wrapped123"]), 1)

    def test_an_address_that_is_dead_gives_way_to_the_published_one(self):
        self.run_program("wattrun.mark(step=1)", WATTRUN_RUN_ID="wrapped123", WATTRUN_URL="http://127.0.0.1:9/", WATTRUN_TOKEN="old")
        self.assertEqual(len(self.engine.marks["wrapped123"]), 1)

    def test_exceptions_and_exits_end_a_run_as_what_they_were(self):
        for code, end in (
            ("raise ValueError", {"status": "failed", "exitCode": 1}),
            ("raise KeyboardInterrupt", {"status": "stopped", "exitCode": 130}),
            ("sys.exit(3)", {"status": "failed", "exitCode": 3}),
            ("sys.exit(0)", {"status": "finished", "exitCode": 0}),
        ):
            program(f"import wattrun, sys\nwith wattrun.run('r'):\n    {code}", self.engine.home)
            _, body = self.engine.stops.pop()
            del body["endedAtMs"]
            self.assertEqual(body, end)

    def test_a_run_ends_when_it_did_and_not_when_that_is_told(self):
        self.engine.goes_on.clear()
        ended = self.run_program(
            "run = wattrun.run('r').start()\n"
            "run.finish()\n"
            "print(time.time() * 1000, flush=True)\n"
            "time.sleep(0.6)\n"
            "print(time.time() * 1000)\n"
        )
        before, after = (float(line) for line in ended.stdout.split())
        self.assertGreater(after - before, 500)
        self.engine.goes_on.set()
        self.run_program("with wattrun.run('next'): pass")
        (body,) = [body for _, body in self.engine.stops if abs(body["endedAtMs"] - before) < 250]
        self.assertEqual(body["status"], "finished")

    def test_a_run_that_nobody_ends_ends_with_the_program(self):
        self.run_program("wattrun.run('r').start()\nwattrun.mark(step=1)")
        self.assertEqual(self.engine.stops[0][1]["status"], "finished")

    def test_forked_and_spawned_workers_do_nothing_unless_they_mark(self):
        ended = self.run_program(
            "import threading\n"
            "with wattrun.run('r'):\n"
            "    wattrun.mark(step=1)\n"
            "    child = os.fork()\n"
            "    if child == 0:\n"
            "        alone = threading.active_count()\n"
            "        os._exit(0 if alone == 1 else 9)\n"
            "    assert os.waitpid(child, 0)[1] == 0\n"
            "    child = os.fork()\n"
            "    if child == 0:\n"
            "        wattrun.mark(step=2); sys.exit(0)\n"
            "    os.waitpid(child, 0)\n"
        )
        self.assertEqual(ended.returncode, 0)
        self.assertEqual(sorted(mark["value"] for mark in self.engine.all_marks("step")), [1, 2])
        self.assertEqual(len(self.engine.stops), 1)

    def test_connecting_imports_nothing_that_a_child_forked_meanwhile_would_lack(self):
        ended = self.run_program(
            "import wattrun._sender\n"
            "before = set(sys.modules)\n"
            "with wattrun.run('r') as run: wattrun.mark(step=1, loss=1.5); run.energy()\n"
            "print(sorted(name for name in set(sys.modules) - before if name != 'datetime'))"
        )
        self.assertEqual(ended.stdout, "[]\n")

    def test_a_mark_of_a_child_waits_for_the_start_of_its_parents_run(self):
        self.run_program(
            "import threading\n"
            "from wattrun import _sender\n"
            "send = _sender.Sender._send\n"
            "def late(self, request):\n"
            "    if request.kind == 'start': time.sleep(0.4)\n"
            "    send(self, request)\n"
            "_sender.Sender._send = late\n"
            "with wattrun.run('r'):\n"
            "    child = os.fork()\n"
            "    if child == 0:\n"
            "        wattrun.mark(step=2); sys.exit(0)\n"
            "    os.waitpid(child, 0)\n"
        )
        self.assertEqual([mark["value"] for mark in self.engine.all_marks("step")], [2])

    def test_a_hung_engine_holds_the_end_for_a_second_and_no_longer(self):
        self.engine.delay_seconds = 30
        ended = self.run_program(
            "run = wattrun.run('r').start(); wattrun.mark(step=1); import atexit\n"
            "began = []\n"
            "atexit.register(lambda: began.append(time.monotonic()))\n"
            "sys.stdout.flush(); import threading; time.sleep(0.3)\n"
            "from wattrun import _sender\n"
            "t = time.monotonic(); _sender._sender.close(); print(time.monotonic() - t)"
        )
        # A second, and whatever a busy machine adds; the engine would have answered after thirty.
        self.assertLess(float(ended.stdout), 10)
        self.assertEqual(ended.stderr.count("wattrun:"), 1)

    def test_a_wrong_token_is_said_once_and_the_training_goes_on(self):
        self.engine.token = "another"
        ended = self.run_program(
            "for _ in range(3):\n"
            "    with wattrun.run('r') as run:\n"
            "        wattrun.mark(step=1)\n"
            "        assert run.energy_joules is None\n"
            "print('done')"
        )
        self.assertEqual((ended.stdout, ended.returncode), ("done\n", 0))
        self.assertEqual(len(ended.stderr.splitlines()), 1)
        self.assertIn("refuses the token", ended.stderr)

    def test_hostile_values_reach_neither_the_training_nor_the_engine(self):
        self.run_program(
            "class Bad:\n    def __float__(self): raise RuntimeError('no')\n    __str__ = __float__\n"
            "class Exits:\n    def __float__(self): raise SystemExit(3)\n"
            "with wattrun.run('\\ud800' * 300, project=Bad(), tags={1: Bad(), Bad(): 2}):\n"
            "    wattrun.mark(loss=Exits())\n"
            "    with wattrun.window(Bad()): pass\n"
            "    wattrun.mark('\\ud800 \"x\"', step=Bad(), loss=float('nan'), a=10**400, b='text', c=object())\n"
            "    wattrun.mark(step=True); wattrun.log({'a b\\n' * 40: 1.5, 'label': 2})"
        )
        marks = {mark["kind"]: mark for mark in self.engine.all_marks()}
        self.assertEqual((marks["loss"]["label"], marks["b"]["label"], marks["label"]["value"]), ("nan", "text", 2))
        self.assertEqual(marks["step"]["value"], 1.0)
        self.assertEqual(marks["window-end"]["label"], "a Bad")
        (start,) = self.engine.runs.values()
        self.assertEqual((start["project"], start["tags"]), ("a Bad", {"1": "a Bad", "a Bad": "2"}))

    def test_a_thread_that_is_told_to_exit_says_that_nothing_is_recorded_any_more(self):
        ended = self.run_program(
            "from wattrun import _sender\n"
            "def send(self, request): raise SystemExit(3)\n"
            "_sender.Sender._send = send\n"
            "with wattrun.run('r'): wattrun.mark(step=1)\n"
        )
        self.assertEqual(ended.stderr, "wattrun: energy is no longer recorded: SystemExit: 3\n")

    def test_ranks_say_what_they_have_in_common_and_only_the_first_marks(self):
        for rank in ("0", "1"):
            self.run_program(
                "with wattrun.run('ddp'): wattrun.mark(step=1)",
                RANK=rank,
                LOCAL_RANK=rank,
                WORLD_SIZE="2",
                TORCHELASTIC_RUN_ID="abc",
            )
        self.assertEqual([run["job"] for run in self.engine.runs.values()], ["torchrun:abc"] * 2)
        self.assertEqual(len(self.engine.all_marks("step")), 1)
        self.assertTrue(all("pid" in body for _, body in self.engine.stops))

    def test_energy_is_logged_where_it_is_asked(self):
        ended = self.run_program("with wattrun.run('r', log_to=lambda values: print(values['wattrun/energy_joules'])): pass")
        self.assertEqual(ended.stdout, "12.5\n")


class WithoutEngine(unittest.TestCase):
    def setUp(self):
        self.home = FakeEngine(self).home

    def test_nothing_happens_and_one_line_says_so(self):
        ended = program(
            "import wattrun, time, threading\n"
            "for _ in range(2):\n    with wattrun.run('r') as run:\n        wattrun.mark(step=1)\n"
            "deadline = time.monotonic() + 30\n"
            "while threading.active_count() > 1 and time.monotonic() < deadline: time.sleep(0.05)\n"
            "print(run.energy_joules, threading.active_count())",
            self.home,
        )
        self.assertEqual((ended.stdout, ended.returncode), ("None 1\n", 0))
        self.assertEqual(len(ended.stderr.splitlines()), 1)
        self.assertIn("no Wattrun is running", ended.stderr)

    def test_of_all_processes_of_a_program_the_first_says_so(self):
        for method in ("fork", "spawn"):
            path = self.home + "/pool.py"
            with open(path, "w", encoding="utf-8") as file:
                file.write(
                    "import multiprocessing, wattrun\n"
                    "def work(number):\n"
                    "    wattrun.mark(step=number)\n"
                    "    with wattrun.run('own'): wattrun.mark(step=number)\n"
                    "    return number\n"
                    "if __name__ == '__main__':\n"
                    "    with wattrun.run('r'), multiprocessing.get_context('" + method + "').Pool(3) as pool:\n"
                    "        pool.map(work, range(6)); pool.close(); pool.join()\n"
                )
            ended = program(f"import runpy; runpy.run_path({path!r}, run_name='__main__')", self.home)
            self.assertEqual(ended.stderr.count("wattrun: "), 1, method + ended.stderr)
            self.assertIn("“r” is not recorded", ended.stderr)

    def test_of_the_ranks_of_a_machine_the_first_says_so(self):
        code = "import wattrun\nwith wattrun.run('r'): pass"
        said = [program(code, self.home, LOCAL_RANK=rank, WORLD_SIZE="2", TORCHELASTIC_RUN_ID="a").stderr for rank in "01"]
        self.assertEqual([text.count("\n") for text in said], [1, 0])

    def test_a_home_that_cannot_be_written_hinders_nothing(self):
        ended = program("import wattrun\nwith wattrun.run('r'): wattrun.mark(step=1)", "/proc/nowhere")
        self.assertEqual((ended.returncode, len(ended.stderr.splitlines())), (0, 1))

    def test_os_exit_hangs_nowhere(self):
        ended = program("import wattrun, os\nwattrun.run('r').start(); wattrun.mark(step=1); os._exit(5)", self.home)
        self.assertEqual(ended.returncode, 5)

    def test_a_mark_outside_of_any_run_says_so_once(self):
        ended = program("import wattrun\nwattrun.mark(step=1); wattrun.mark(step=2)", self.home)
        self.assertEqual(len(ended.stderr.splitlines()), 1)

    def test_importing_starts_no_thread_and_loads_nothing_heavy(self):
        ended = program(
            "import sys, threading\nimport wattrun\n"
            "heavy = {'typing', 'http.client', 'email', 'ssl', 'logging', 'inspect', 'asyncio', 'torch'}\n"
            "print(threading.active_count(), sorted(heavy & set(sys.modules)))",
            self.home,
        )
        # `typing` may be there before us: site-packages of some machines load it.
        self.assertRegex(ended.stdout, r"^1 \[('typing')?\]\n$")

    def test_logging_speaks_where_it_is_set_up(self):
        ended = program(
            "import logging, wattrun\nlogging.basicConfig(format='%(name)s|%(levelname)s')\nwith wattrun.run('r'): pass", self.home
        )
        self.assertEqual(ended.stderr, "wattrun|WARNING\n")


if __name__ == "__main__":
    unittest.main()
