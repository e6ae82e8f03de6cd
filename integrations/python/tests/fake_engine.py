"""An engine of a few lines over real HTTP: it can be slow, gone, restarted at another port, or refuse."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

source = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src")


def marks_told(body):
    """Marks of a request: those in columns, moment by moment, then the others."""
    marks = []
    for group in body.get("columns", []):
        for row, at_ms in enumerate(group["atMs"]):
            place = {name: group[name][row] for name in ("step", "epoch") if name in group}
            for number, one in enumerate(group["kinds"]):
                name = f"{group['idPrefix']}-{group['firstId'] + row * len(group['kinds']) + number}"
                marks.append({"kind": one["kind"], "value": one["values"][row], "atMs": at_ms, "id": name, **place})
    return marks + body.get("marks", [])


class FakeEngine:
    """Keeps runs and marks by their ids, as the real one does. Ends with the test, and its directory with it."""

    def __init__(self, test):
        self.home = tempfile.mkdtemp(prefix="wattrun-python-")
        test.addCleanup(self.close)
        self.token = "a-token"
        self.runs = {}
        self.marks = {}
        #: Runs that are on, by their job.
        self.jobs = {}
        self.repeated = 0
        self.stops = []
        self.drop_answers = 0
        #: It thinks this long about requests with that in their path.
        self.delay_seconds = 0.0
        self.delayed = "/"
        #: Not set: it takes requests and does nothing with them, as a process that is stopped.
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.connections = []
        self._server = None

    def start(self):
        engine = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    pass  # Cut off by `stop`.

            def setup(self):
                super().setup()
                engine.connections.append(self.connection)

            def do_GET(self):
                engine.answer(self, None)

            def do_POST(self):
                engine.answer(self, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.publish(self._server.server_port, self.token)
        return self

    def publish(self, port, token):
        with open(os.path.join(self.home, "engine.json"), "w", encoding="utf-8") as file:
            json.dump({"url": f"http://127.0.0.1:{port}/", "token": token, "pid": os.getpid()}, file)

    def close(self):
        self.goes_on.set()
        if self._server is not None:
            self.stop()
        shutil.rmtree(self.home)

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.connections.clear()
        self._server = None
        os.remove(os.path.join(self.home, "engine.json"))

    def answer(self, request, body):
        if self.delayed in request.path:
            time.sleep(self.delay_seconds)
        self.goes_on.wait()
        status, value = self.handle(request, body)
        if self.drop_answers > 0 and request.command == "POST":
            # It is done, and nobody is told: as an engine that is killed between its disk and its answer.
            self.drop_answers -= 1
            request.connection.shutdown(socket.SHUT_RDWR)
            request.close_connection = True
            return
        text = json.dumps(value).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        request.wfile.write(text)

    def handle(self, request, body):
        if request.headers["Authorization"] != f"Bearer {self.token}":
            return 401, {"code": "host/refused", "message": "The token is missing or wrong."}
        if request.path == "/api/v1/runs":
            if body.get("job") in self.jobs:
                return 200, {"id": self.jobs[body["job"]]}
            if body["runId"] in self.runs:
                return 400, {"code": "contract/invalid", "message": f"There is already a run {body['runId']}."}
            self.runs[body["runId"]] = body
            return 201, {"id": body["runId"]}
        run_id, what = re.match(r"/api/v1/runs/(\w+)/?(\w*)$", request.path).groups()
        if what == "marks":
            known = self.marks.setdefault(run_id, {})
            marks = marks_told(body)
            new = {mark["id"]: mark for mark in marks if mark["id"] not in known}
            known.update(new)
            self.repeated += len(marks) - len(new)
            return 201, {"accepted": len(new), "repeated": len(marks) - len(new), "refused": 0}
        if what == "stop":
            self.stops.append((run_id, body))
            return 200, {
                "run": {"status": "finished", "endedAt": "2026-01-15T12:00:00.000Z"},
                "energy": {"totalJoules": 12.5, "lowJoules": 10, "highJoules": 15},
            }
        if what == "energy":
            return 200, {"joules": 7.5, "lowJoules": 7, "highJoules": 8, "atMs": 1000}
        marks = [dict(mark, joules=float(i)) for i, mark in enumerate(self.marks.get(run_id, {}).values())]
        return 200, {"run": {"id": run_id}, "marks": marks}

    def keep(self, *requests):
        """Puts requests where a program leaves what it could not send."""
        folder = os.path.join(self.home, "python-spool")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, f"{len(os.listdir(folder))}-1-ab.jsonl"), "w", encoding="utf-8") as file:
            file.writelines(json.dumps({"path": path, "body": json.dumps(body)}) + "\n" for path, body in requests)

    def kept(self):
        """Files that wait for a program to send them."""
        return os.listdir(os.path.join(self.home, "python-spool"))

    def all_marks(self, kind=None):
        marks = [mark for run in list(self.marks.values()) for mark in list(run.values())]
        return [mark for mark in marks if kind is None or mark["kind"] == kind]


def program(code, home, timeout=60, **environment):
    """Runs code in a Python of its own with the package. Gives what `subprocess.run` gives."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("WATTRUN_", "SLURM_", "OMPI_", "RAY_"))}
    env.update(PYTHONPATH=source, WATTRUN_HOME=home, **environment)
    return subprocess.run([sys.executable, "-c", code], env=env, timeout=timeout, capture_output=True, text=True)


def until(is_true, seconds=20.0):
    """Waits for a condition. False where it does not come true."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
