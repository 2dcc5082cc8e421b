"""A real MariaDB server for tests and benches, started in a temporary folder and gone afterwards."""

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

import pymysql

from tests.ports import free_port

_SETTINGS = {
    "innodb-flush-log-at-trx-commit": "0", "innodb-doublewrite": "0", "innodb-log-file-size": "256M",
    "innodb-buffer-pool-size": "256M", "character-set-server": "utf8mb4", "skip-name-resolve": "ON",
    "performance-schema": "OFF",
}  # fmt: skip
READER, PASSWORD = "dwh_doc", "chi-dung-de-thu"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; every database made here lives as long as it."""

    port: int
    folder: Path
    pid: int

    def admin(self, database: str | None = None) -> pymysql.Connection:
        """Return a connection that may do everything, in UTC."""
        return pymysql.connect(
            unix_socket=str(self.folder / "socket"), user="root", database=database, autocommit=True,
            charset="utf8mb4", init_command="SET time_zone = '+00:00'",
        )  # fmt: skip

    def create_database(self) -> str:
        """Return the address of a new, empty database, as an account that can only read it."""
        name = f"t{uuid.uuid4().hex[:12]}"
        with self.admin() as db, db.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
            cursor.execute(f"GRANT SELECT ON {name}.* TO '{READER}'@'127.0.0.1'")
        return f"mysql://{READER}:{PASSWORD}@127.0.0.1:{self.port}/{name}"


def is_installed() -> bool:
    """Tell whether MariaDB's server and its installer are on this machine."""
    return _program("mariadbd") is not None and _program("mariadb-install-db") is not None


@contextmanager
def mariadb_server(**settings: str) -> Iterator[Server]:
    """Run a server on a free port of 127.0.0.1 until the block ends; needs `is_installed()`.

    Root starts it as the user mysql. The server is told to die with this process, so that a killed test
    leaves none behind.
    """
    folder = Path(tempfile.mkdtemp(prefix="dwh-maria-"))
    try:
        _make_folder(folder)
        port = free_port()
        words = _SETTINGS | {name.replace("_", "-"): value for name, value in settings.items()}
        with _running(folder, port, words) as pid:
            server = Server(port, folder, pid)
            with server.admin() as db, db.cursor() as cursor:
                cursor.execute(f"CREATE USER '{READER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'")
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_folder(folder: Path) -> None:
    command = [str(_program("mariadb-install-db")), "--no-defaults", f"--datadir={folder / 'data'}"]
    command += ["--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=256M"]
    if os.geteuid() == 0:
        shutil.chown(folder, "mysql", "mysql")
        command.append("--user=mysql")
    quiet = subprocess.DEVNULL
    subprocess.run(command, check=True, cwd=folder, stdout=quiet, stderr=quiet, timeout=120)


@contextmanager
def _running(folder: Path, port: int, settings: dict[str, str]) -> Iterator[int]:
    place = {"datadir": str(folder / "data"), "socket": str(folder / "socket"), "port": str(port)}
    place |= {"bind-address": "127.0.0.1", "pid-file": str(folder / "pid")}
    user = ["--reuid=mysql", "--regid=mysql", "--clear-groups"] if os.geteuid() == 0 else []
    options = [f"--{name}={value}" for name, value in (settings | place).items()]
    command = ["setpriv", *user, "--pdeathsig=KILL", str(_program("mariadbd")), "--no-defaults", *options]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE) as server:
        assert server.stderr is not None
        _wait_until_ready(server.stderr)
        threading.Thread(target=server.stderr.read, daemon=True).start()  # a full pipe would stop the server
        try:
            yield server.pid
        finally:
            server.send_signal(signal.SIGKILL)  # at once; nothing here is worth a flush
            server.wait(timeout=60)


def _wait_until_ready(log: IO[bytes]) -> None:
    said = []
    for line in log:
        said.append(line.decode(errors="replace"))
        if b"ready for connections" in line:
            return
    raise RuntimeError("MariaDB did not start: " + "".join(said))


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
