"""The running programs as a test meets them: a home, its IAM and its web process, and a person who signs in."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import requests

from demo.home import DemoHome
from demo.people import load_people

FIELD = re.compile(r'<input type="hidden" name="(csrfmiddlewaretoken|next)" value="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Live:
    """One running demonstration."""

    home: DemoHome

    @property
    def url(self) -> str:
        return self.home.url

    @property
    def password(self) -> str:
        return self.home.password_file.read_text(encoding="utf-8")

    def run(self, *arguments: str) -> str:
        """Run `python -m …` in the demonstration's environment and return what it printed."""
        return run(self.home, arguments)

    def iam(self, verb: str, email: str) -> None:
        """Lock or unlock a person at IAM."""
        self.run("demo.iam", verb, email)

    def governance(self, sql: str, *values: object) -> list[tuple]:
        """Look into, or change behind the program's back, the governance database."""
        file = self.home.path / "governance.sqlite3"
        with closing(sqlite3.connect(file, timeout=20)) as database, database:
            return database.execute(sql, values).fetchall()

    def records(self, action: str, email: str) -> int:
        """Return how many records of `action` the log holds about `email`."""
        sql = "SELECT count(*) FROM audit_auditrecord WHERE action = ? AND actor_email = ?"
        return self.governance(sql, action, email)[0][0]


def run(home: DemoHome, arguments: Sequence[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        env=home.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build_without_data(path: Path, port: int) -> DemoHome:
    """Make a home that people can sign in to: accounts and IAM, no source, no release."""
    home = DemoHome(path=path, port=port)
    home.prepare()
    run(home, ["dwh.site.cli", "web", "manage", "migrate", "--verbosity=0"])
    run(home, ["demo.iam", "build"])
    _name_the_units(path)
    run(home, ["demo.accounts"])
    return home


def _name_the_units(home: Path) -> None:
    """Write the one table of the personnel system that opening accounts reads."""
    (home / "sources").mkdir()
    units = {(person.unit, f"Đơn vị {person.unit}", "2026-01-01") for person in load_people()}
    with closing(sqlite3.connect(home / "sources" / "qlns.sqlite")) as personnel, personnel:
        personnel.execute("CREATE TABLE ns_don_vi (ma_dv TEXT, ten TEXT, hieu_luc_tu TEXT)")
        personnel.executemany("INSERT INTO ns_don_vi VALUES (?, ?, ?)", sorted(units))


class Person(requests.Session):
    """Somebody at a browser without scripts: follows redirects, fills in forms."""

    def __init__(self, live: Live) -> None:
        super().__init__()
        self.live = live

    def to(self, path: str) -> requests.Response:
        return self.get(urljoin(self.live.url, path), timeout=20)

    def sign_in(self, email: str, password: str | None = None, path: str = "/") -> requests.Response:
        """Go to `path`, be sent to IAM, give mailbox and password, and come back."""
        at_iam = self.to(f"/oidc/di/?next={path}")
        if "Mật khẩu IAM" not in at_iam.text:
            return at_iam  # IAM still knows this browser, or does not answer
        return self.give(at_iam, email, self.live.password if password is None else password)

    def give(self, at_iam: requests.Response, email: str, password: str) -> requests.Response:
        """Fill in IAM's form on the page one is at."""
        hidden = {name: value.replace("&amp;", "&") for name, value in FIELD.findall(at_iam.text)}
        form = {**hidden, "username": email, "password": password}
        return self.post(urljoin(at_iam.url, "/dang-nhap/"), data=form, timeout=20)

    def is_in(self) -> bool:
        """Tell whether the site still knows this person."""
        answer = self.get(f"{self.live.url}/tai-khoan/", allow_redirects=False, timeout=20)
        return answer.status_code == 200
