"""Starts the demonstration's processes (IAM, web, worker), watches them, and stops them together."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

from demo.build import DemoFailed
from demo.home import DemoHome

START_SECONDS = 60
STOP_SECONDS = 10


@dataclass(slots=True)
class Processes:
    """The running demonstration."""

    home: DemoHome
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def stop(self) -> None:
        """Ask every process to end, then end those that did not."""
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()

    def first_ended(self) -> str | None:
        """Return the name of a process that ended by itself, if any."""
        return next((name for name, process in self.running.items() if process.poll() is not None), None)


def start(home: DemoHome, *, worker: bool = True) -> Processes:
    """Start the processes and return when the sign-in page answers.

    Raises:
        DemoFailed: a port is taken, or a process did not come up.
    """
    ports_must_be_free(home)
    processes = Processes(home)
    try:
        _launch(processes, "iam", [sys.executable, "-m", "demo.iam", "serve"])
        _launch(
            processes, "web", [sys.executable, "-m", "dwh.site.cli", "web", "serve", "--port", str(home.port)]
        )
        if worker:
            _launch(processes, "worker", [sys.executable, "-m", "dwh.site.cli", "web", "worker"])
        _wait_for(processes, f"{home.issuer}/.well-known/openid-configuration")
        _wait_for(processes, f"{home.url}/suc-khoe/")
    except BaseException:
        processes.stop()
        raise
    return processes


def ports_must_be_free(home: DemoHome) -> None:
    """Look before anything is built.

    Raises:
        DemoFailed: one of the two ports is taken.
    """
    for port in (home.port, home.iam_port):
        _must_be_free(port)


def serve(home: DemoHome, *, say: Callable[[str], None]) -> None:
    """Serve until Ctrl+C or SIGTERM.

    Raises:
        DemoFailed: a process ended by itself.
    """
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    processes = start(home)
    try:
        say(f"\nMở {home.url} — dừng bằng Ctrl+C.")
        while not ended.wait(1.0):
            fallen = processes.first_ended()
            if fallen:
                raise DemoFailed(f"Tiến trình «{fallen}» đã dừng. Xem {home.path}/log/{fallen}.log.")
    finally:
        processes.stop()
    say("Đã dừng. Dữ liệu giữ nguyên.")


def _launch(processes: Processes, name: str, command: list[str]) -> None:
    folder = processes.home.path / "log"
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.log").open("ab") as log:
        processes.running[name] = subprocess.Popen(
            command,
            env=processes.home.environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _must_be_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise DemoFailed(
                f"Cổng {port} đang bận. Chọn cổng khác, ví dụ: PORT={port + 20} make demo "
                "(cần hai cổng liền nhau: trang web và IAM)."
            ) from taken


def _wait_for(processes: Processes, url: str) -> None:
    """Return when `url` answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        fallen = processes.first_ended()
        if fallen:
            raise DemoFailed(
                f"Tiến trình «{fallen}» không khởi động được. Xem {processes.home.path}/log/{fallen}.log."
            )
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 -- our own loopback address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            threading.Event().wait(0.1)  # nothing signals a listening socket; ten looks a second
    raise DemoFailed(f"Không thấy {url} trả lời sau {START_SECONDS} giây.")
