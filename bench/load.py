"""32 people at once over real HTTP against the real web process; then releases are swapped under that load.

Three processes share the machine: the web process as `dwh web serve` starts it, this one, and the people, who cost it
some 20 % of its cores (`bench.people`). Nothing is asked twice but by chance, so what is kept answers little.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.core.management import call_command

from bench.door import environment, new_account, open_door
from bench.warehouse import RELEASE, homes, made_of, tell

PEOPLE: Final = 32
NATION_EACH: Final = 4  # every fourth asks about the whole nation, the others about a province of their own
SWAPS: Final = 3
GOALS: Final = {"pivots_s": 150.0, "p95_ms": 300.0}
STARTING_S: Final = 60.0
PREPARED, FIRED = "load-sessions.json", "load.json"


def run(contributions: int, claims: int) -> dict[str, Any]:
    """Serve a release of that size and let people ask; return and print what they saw.

    Units: pivots_s answers a second over all people; p50_ms, p95_ms, worst_ms of one request with its table drawn.
    """
    port = int(os.environ.get("BENCH_PORT", "8160"))
    seconds = float(os.environ.get("BENCH_LOAD_SECONDS", "20"))
    with homes(contributions, claims) as home:
        tell(made_of(home))
        places = environment(home) | {
            "DWH_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "DWH_STATIC_ROOT": str(home / "static"),
        }
        places.setdefault("DWH_WEB_WORKERS", str(min(2, os.cpu_count() or 1)))
        subprocess.run([sys.executable, "-m", "bench.load", str(home)], check=True, env=places)
        spare = _further_releases(home)
        try:
            with _serving(port, places):
                fire = [sys.executable, "-m", "bench.people", str(home), str(port), str(seconds), *spare]
                subprocess.run(fire, check=True, env=places)
        finally:
            _back(home, spare)
        result: dict[str, Any] = json.loads((home / FIRED).read_text(encoding="utf-8"))
    _tell(result, places["DWH_WEB_WORKERS"])
    return result


def _tell(result: dict[str, Any], workers: str) -> None:
    for name, phase in result.items():
        good = phase["pivots_s"] >= GOALS["pivots_s"] and phase["p95_ms"] <= GOALS["p95_ms"]
        print(
            f"  {name}: {phase['pivots_s']:.0f} bảng/giây, p50 {phase['p50_ms']:.0f} ms, p95 {phase['p95_ms']:.0f} ms,"
            f" lâu nhất {phase['worst_ms']:.0f} ms, {phase['errors']} lỗi, {phase['releases']} bản số liệu,"
            f" {PEOPLE} người, {workers} tiến trình web  {'đạt' if good and not phase['errors'] else 'CHƯA ĐẠT'}"
            f"  (mục tiêu ≥ {GOALS['pivots_s']:g} bảng/giây, p95 ≤ {GOALS['p95_ms']:g} ms, 0 lỗi)",
            flush=True,
        )


def _further_releases(home: Path) -> list[str]:
    """Make releases to swap to: the same bytes under another name, as the next publication would put them."""
    releases = home / "releases"
    manifest = json.loads((releases / RELEASE / "manifest.json").read_text(encoding="utf-8"))
    names = [f"{RELEASE.partition('.')[0]}.{2 + n}" for n in range(SWAPS)]
    for name in names:
        shutil.rmtree(releases / name, ignore_errors=True)
        (releases / name).mkdir()
        os.link(releases / RELEASE / "serving.duckdb", releases / name / "serving.duckdb")
        (releases / name / "manifest.json").write_text(json.dumps(manifest | {"id": name}), encoding="utf-8")
    return names


def _back(home: Path, names: list[str]) -> None:
    releases = home / "releases"
    (releases / "next").unlink(missing_ok=True)
    (releases / "next").symlink_to(RELEASE)
    (releases / "next").rename(releases / "current")
    for name in names:
        shutil.rmtree(releases / name, ignore_errors=True)


@contextmanager
def _serving(port: int, places: dict[str, str]) -> Iterator[None]:
    """Run the web process until the block ends; it begins when the process answers that it is in health."""
    command = [str(Path(sys.executable).with_name("dwh")), "web", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=places, start_new_session=True) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/suc-khoe/", server)
            yield
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTING_S
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.1)  # a port that nobody listens on gives no signal to wait for
    raise RuntimeError("the web process did not answer")


def prepare(home: Path) -> None:
    """Open an account and a signed-in session for everybody, and leave their cookies under `home`."""
    open_door()
    call_command("collectstatic", interactive=False, verbosity=0)  # the pages name their files by content
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    from dwh.site.signin import BACKEND  # noqa: PLC0415 -- models need Django to be set up first

    people = []
    for number in range(PEOPLE):
        area = "00" if number % NATION_EACH == 0 else f"00.{number % 11 + 1:02}"
        account = new_account(f"nguoi.{number}@vss.gov.vn", 1000 + number, area)
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(account.pk), BACKEND
        session.create()
        cookies = {settings.SESSION_COOKIE_NAME: session.session_key}
        people.append(
            {
                "area": area,
                "cookies": cookies | {settings.CSRF_COOKIE_NAME: (token := secrets.token_hex(16))},
                "token": token,
            }
        )
    (home / PREPARED).write_text(json.dumps(people), encoding="utf-8")


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
