"""The process in which akshare runs, and the handle that can end it.

A process, not a thread: a reply that drips a byte every few seconds satisfies every
socket timeout and a thread cannot be stopped, while a process can be killed. The process
is also fresh for every run, so the library's caches never serve yesterday's lists; it
gets a short environment without the user's secrets, because some of the library's
functions evaluate text from the network; and it answers with JSON and Arrow bytes, never
with pickles, so that what runs inside it cannot run anything outside.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from dataclasses import asdict, dataclass, field, replace
from multiprocessing.connection import Connection
from typing import Any

import pyarrow as pa

from yanbao.sources.failures import Failure
from yanbao.sources.task import Answer, Task
from yanbao.sources.traffic import Pace

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
KEPT_VARIABLES = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"),
    *("VIRTUAL_ENV", "PYTHONPATH", "LD_LIBRARY_PATH"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *PROXIES,
    *(name.upper() for name in PROXIES),
)
FIXED_VARIABLES = {"TZ": "Asia/Shanghai", "TQDM_DISABLE": "1", "PYTHONWARNINGS": "ignore"}
START_SECONDS = 120.0  # the import alone takes two CPU seconds on an idle machine
CALLS_PER_PROCESS = 300  # JavaScript contexts add up; lists memoised by the library age


@dataclass
class WorkerProcess:
    """A child process that runs tasks one by one and is killed when one overstays."""

    pace: Pace = field(default_factory=Pace)
    route_to: str | None = None
    _process: subprocess.Popen[bytes] | None = None
    _line: Connection | None = None
    _calls: int = 0

    def run(self, task: Task, deadline_seconds: float) -> Answer:
        """Run one task within its total deadline, start-up of the process excluded."""
        try:
            line = self._started()
            line.send_bytes(json.dumps(asdict(task)).encode())
        except (EOFError, OSError):
            return self._died("before", 0, "")
        self._calls += 1
        return self._await(line, time.monotonic() + deadline_seconds)

    def _await(self, line: Connection, end: float) -> Answer:
        begun, requests, host = time.monotonic(), 0, ""
        while True:
            try:
                if not line.poll(max(0.0, end - time.monotonic())):
                    self.close()
                    why = f"no complete answer within {end - begun:.0f} s"
                    return Answer(
                        failure=Failure("deadline", why), requests=requests, host=host
                    )
                message = json.loads(line.recv_bytes())
                if "frame" in message:
                    frame = line.recv_bytes() if message["frame"] else None
                    return _read_answer(message, frame)
            except (EOFError, ConnectionResetError):
                return self._died("in the middle of", requests, host)
            requests, host = message["requests"], message["host"]

    def close(self) -> None:
        """End the process at once; nothing in it is worth keeping."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._line is not None:
            self._line.close()
        self._process, self._line = None, None

    def _died(self, when: str, requests: int, host: str) -> Answer:
        code = self._process.wait() if self._process else None
        self.close()
        why = f"the worker process ended {when} the call (code {code})"
        return Answer(failure=Failure("worker", why), requests=requests, host=host)

    def _started(self) -> Connection:
        """The line to a ready process; raises EOFError where it cannot start."""
        if self._line is not None and self._calls < CALLS_PER_PROCESS:
            return self._line
        self.close()
        ours, theirs = socket.socketpair()
        settings = {"pace": asdict(self.pace), "route_to": self.route_to}
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter and this module
            [sys.executable, "-m", __name__, str(theirs.fileno()), json.dumps(settings)],
            env=_environment(),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        self._line, self._calls = Connection(ours.detach()), 0
        if not self._line.poll(START_SECONDS):
            self._process.kill()
        self._line.recv_bytes()  # it says that it is ready, or ends the line
        return self._line


def _environment() -> dict[str, str]:
    """What the child may see: no token, no webhook, no password."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {**kept, **FIXED_VARIABLES}


def _read_answer(message: dict[str, Any], frame: bytes | None) -> Answer:
    failure = message.pop("failure")
    return Answer(
        **message
        | {"frame": pa.ipc.open_stream(frame).read_all() if frame is not None else None},
        failure=Failure(**failure) if failure else None,
    )


def _send_answer(line: Connection, answer: Answer) -> None:
    header = asdict(replace(answer, frame=None)) | {"frame": answer.frame is not None}
    line.send_bytes(json.dumps(header).encode())
    if answer.frame is not None:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, answer.frame.schema) as writer:
            writer.write_table(answer.frame)
        line.send_bytes(sink.getvalue().to_pybytes())


def _serve(descriptor: int, settings: dict[str, Any]) -> None:
    """The child's loop: one task in, progress and one answer out."""
    from yanbao.sources.akshare_library import Library  # noqa: PLC0415 - in the child alone

    time.tzset()
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a call ends
    line = Connection(descriptor)
    library = Library(Pace(**settings["pace"]), route_to=settings["route_to"])
    line.send_bytes(json.dumps({"ready": True}).encode())
    while True:
        try:
            message = json.loads(line.recv_bytes())
        except EOFError:
            return  # the parent closed the line, or died

        def report(requests: int, host: str) -> None:
            line.send_bytes(json.dumps({"requests": requests, "host": host}).encode())

        _send_answer(line, library.perform(Task(**message), report))


if __name__ == "__main__":
    _serve(int(sys.argv[1]), json.loads(sys.argv[2]))
