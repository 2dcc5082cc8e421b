"""A real PostgreSQL server for tests and benches, started in a temporary folder and gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg

from tests.ports import free_port

_WAYS = (Path("/usr/lib/postgresql"), Path("/opt/homebrew/opt"), Path("/usr/pgsql"))
_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "4GB"}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; every database made here lives as long as it."""

    port: int
    folder: Path
    pid: int

    @property
    def admin_dsn(self) -> str:
        return f"postgresql://postgres:{PASSWORD}@127.0.0.1:{self.port}/postgres"

    def create_database(self) -> str:
        """Return the address of a new, empty database."""
        name = f"t{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.admin_dsn, autocommit=True) as db:
            db.execute(
                f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING "UTF8" LC_COLLATE "C" LC_CTYPE "C"'
            )
        return f"postgresql://postgres:{PASSWORD}@127.0.0.1:{self.port}/{name}"


PASSWORD = "chi-dung-de-thu"


def binaries() -> Path | None:
    """Return the folder of initdb and postgres, None when no server is installed."""
    found = [path.parent for way in _WAYS if way.is_dir() for path in way.glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).parent)
    return max(found, default=None)


@contextmanager
def postgres_server(**settings: str) -> Iterator[Server]:
    """Run a server on a free port of 127.0.0.1 until the block ends; needs `binaries()`.

    PostgreSQL refuses to run as root, so root starts it as the user postgres. The server is told to die
    with this process, so that a killed test leaves none behind.
    """
    folder = Path(tempfile.mkdtemp(prefix="dwh-pg-"))
    try:
        _make_cluster(folder)
        port = free_port()
        with _running(folder, _SETTINGS | settings | _place(folder, port)) as pid:
            yield Server(port, folder, pid)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started_again(server: Server) -> Iterator[Server]:
    """Run a server that has died once more, at its place and with what it holds."""
    with _running(server.folder, _SETTINGS | _place(server.folder, server.port)) as pid:
        yield Server(server.port, server.folder, pid)


def _place(folder: Path, port: int) -> dict[str, str]:
    return {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(folder)}


def _make_cluster(folder: Path) -> None:
    secret = folder / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    if os.geteuid() == 0:
        for path in (folder, secret):
            shutil.chown(path, "postgres", "postgres")
    command = [*_as_postgres("initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "scram-sha-256"]
    command += [f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)


@contextmanager
def _running(folder: Path, settings: dict[str, str]) -> Iterator[int]:
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [*_as_postgres("postgres"), "-D", str(folder / "data"), *options]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE) as server:
        assert server.stderr is not None
        _wait_until_ready(server.stderr)
        threading.Thread(target=server.stderr.read, daemon=True).start()  # a full pipe would stop the server
        try:
            yield server.pid
        finally:
            server.send_signal(signal.SIGQUIT)  # at once; nothing here is worth a checkpoint
            server.wait(timeout=60)


def _wait_until_ready(log: IO[bytes]) -> None:
    said = []
    for line in log:
        said.append(line.decode(errors="replace"))
        if b"ready to accept connections" in line:
            return
    raise RuntimeError("PostgreSQL did not start: " + "".join(said))


def _as_postgres(tool: str) -> list[str]:
    folder = binaries()
    assert folder is not None, "no PostgreSQL server is installed"
    user = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *user, "--pdeathsig=QUIT", str(folder / tool)]
