"""A real PostgreSQL server for tests and benches, started in a temporary folder and gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

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

    PostgreSQL refuses to run as root, so root starts it as the user postgres.
    """
    folder = Path(tempfile.mkdtemp(prefix="dwh-pg-"))
    try:
        yield from _run(folder, _SETTINGS | settings)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, settings: dict[str, str]) -> Iterator[Server]:
    tools, port = binaries(), _free_port()
    assert tools is not None, "no PostgreSQL server is installed"
    data, secret = folder / "data", folder / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        shutil.chown(secret, "postgres")
    _as_postgres(
        [str(tools / "initdb"), "-D", str(data), "-U", "postgres", "-A", "scram-sha-256",
         f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "--no-sync"], folder,
    )  # fmt: skip
    options = {
        **settings,
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
    }
    words = " ".join(f"-c {name}={value}" for name, value in options.items())
    control = [str(tools / "pg_ctl"), "-D", str(data), "-w", "-t", "60", "-l", str(folder / "log")]
    _as_postgres([*control, "-o", words, "start"], folder)
    try:
        yield Server(port, folder, int((data / "postmaster.pid").read_text().split()[0]))
    finally:
        _as_postgres([*control, "-m", "immediate", "stop"], folder)


def _as_postgres(command: list[str], folder: Path) -> None:
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
