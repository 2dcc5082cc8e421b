"""`dwh run` in processes that begin at once: they fork from one that has imported all a run needs.

A kill thereby hits the work and not the start of Python; each run is a process of its own all the same.
Run as a process: `python -m tests.acceptance.ready`. It says `ready`; then for each line it is given it starts a run,
says the pid and, when that has ended, its exit code (minus the signal when it was killed). A line that is not
empty is a pattern: the run dies by SIGKILL as soon as it has said that a step of such a name begins.
"""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from types import TracebackType
from typing import Any, NoReturn, Self

import django

from dwh.datapath.pipeline.plan import load_plan
from dwh.site.cli import main


class Ready:
    """The process runs fork from, as a test holds it; its environment says which home they work in."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.ready"], env=environment, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._pid = 0
        assert self._heard() == "ready"

    def start(self, *, dies_at: str = "") -> None:
        """Start a run; the one before has ended. It dies by SIGKILL at the step whose name matches."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{dies_at}\n")
        self._pid = int(self._heard())

    def ended_within(self, seconds: float) -> bool:
        """Return whether the run ends by itself in this time; its exit code is then waiting to be read."""
        return bool(select.select([self._process.stdout], [], [], seconds)[0])

    def kill(self) -> None:
        """Kill the run, and whatever it started, with SIGKILL."""
        os.killpg(self._pid, signal.SIGKILL)

    def exit_code(self) -> int:
        """Wait for the end of the run and return its exit code."""
        return int(self._heard())

    def run(self) -> None:
        """Do one run to its end, which must be a good one."""
        self.start()
        assert self.exit_code() == 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _heard(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().rstrip("\n")


def _die_at(pattern: str) -> None:
    """Let this process be killed at the very beginning of a step: once it stands in the run table."""
    progress = import_module("dwh.operations.runs.watching").TableProgress
    said = progress.step

    def step(self: object, begun: str, **more: Any) -> None:
        said(self, begun, **more)
        if re.match(pattern, begun):
            os.killpg(0, signal.SIGKILL)

    progress.step = step


def _run(dies_at: str) -> NoReturn:
    os.setsid()
    code = 70
    try:
        if dies_at:
            _die_at(dies_at)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        main(["run"], standalone_mode=False)
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    finally:
        os._exit(code)


def _serve() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dwh.site.settings")
    django.setup()
    import_module("dwh.operations.runs.command")  # needs the models
    load_plan()
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _run(line.rstrip("\n"))
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    _serve()
