"""Opens the real door on a bench release: accounts, rights, log and all, on a governance database of its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import django
from django.conf import settings
from django.core.management import call_command

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.compile import Plan
from dwh.datapath.semantic.query import Query
from dwh.datapath.settings import DataPathSettings
from dwh.kernel.machine import keep_what_is_loaded

TODAY: Final = date(2026, 11, 23)
AREAS: Final = {("00",): "toan.quoc@vss.gov.vn", ("00.01",): "mot.tinh@vss.gov.vn"}


def environment(home: Path) -> dict[str, str]:
    """Return the environment of the process that answers."""
    return {
        **os.environ,
        "DWH_HOME": str(home),
        "DWH_DATABASE_URL": f"sqlite:///{tempfile.mkdtemp(prefix='dwh-bench-')}/governance.sqlite3",
        "DWH_SECRET_KEY": "only-for-the-bench",
        "DJANGO_SETTINGS_MODULE": "dwh.site.settings",
        "DWH_BUILD_MEMORY": "3GB",
        "PYTHONPATH": os.pathsep.join(("src", ".")),
    }


def datapath() -> DataPathSettings:
    """Return the settings the gate reads, so that the hand SQL runs on the very same engine."""
    found: DataPathSettings = settings.DATAPATH
    return found


@dataclass(frozen=True, slots=True)
class Ask:
    """`gate.ask` as the accounts of AREAS; a call may go without rollups, or without what was kept."""

    accounts: dict[tuple[str, ...], str]

    def __call__(self, query: Query, area: tuple[str, ...], *, rollups: bool, kept: bool) -> Answer:
        from dwh.governance import gate  # noqa: PLC0415 -- models need Django to be set up first
        from dwh.governance.access.models import Account  # noqa: PLC0415

        with going(rollups=rollups, kept=kept):
            account = Account.objects.get(email=self.accounts[area])
            return gate.ask(query, by=account, purpose="đo tốc độ", today=TODAY)

    def plan(self, query: Query, area: tuple[str, ...]) -> Plan:
        """Return the statement the gate runs for `query`."""
        from dwh.datapath.semantic.catalog import load_catalog  # noqa: PLC0415
        from dwh.datapath.warehouse.release import current_release  # noqa: PLC0415
        from dwh.governance.protection.hints import Sight  # noqa: PLC0415
        from dwh.governance.protection.running import plan_of  # noqa: PLC0415
        from dwh.kernel.org.scope import OrgScope  # noqa: PLC0415

        subject = load_catalog().subject(query.subject)
        return plan_of(query, Sight(subject, current_release(datapath()), OrgScope.of(area), frozenset()))


def plans_forgotten() -> None:
    """Forget every compiled statement: the next question is compiled anew."""
    from dwh.datapath.semantic import compile as compiling  # noqa: PLC0415

    compiling._compiled.cache_clear()


def open_door() -> Ask:
    """Make the governance database, one account per area, and return `gate.ask` as those accounts."""
    django.setup()
    call_command("migrate", verbosity=0)
    from dwh.governance import gate  # noqa: PLC0415
    from dwh.kernel.actor import operator  # noqa: PLC0415

    gate.refresh_units(by=operator("Đo tốc độ"))
    for number, (area, email) in enumerate(AREAS.items()):
        new_account(email, number, area[0])
    keep_what_is_loaded()  # as the web process does
    return Ask(AREAS)


def new_account(email: str, number: int, area: str) -> Any:
    """Open an account with the right to ask about everything in `area`, and return it."""
    from dwh.governance.access.services import NewAccount, Terms, grant, open_account  # noqa: PLC0415
    from dwh.kernel.actor import operator  # noqa: PLC0415

    clerk = operator("Đo tốc độ")
    person = NewAccount(email, f"NV{number:08}", "Người đo tốc độ", area, "Đơn vị đo")
    terms = Terms("analyst", area, document_no="01/ĐO", decided_by="Giám đốc", subjects=("*",))
    account = open_account(person, by=clerk, today=TODAY)
    grant(account, terms, by=clerk, today=TODAY)
    return account


@contextmanager
def going(*, rollups: bool, kept: bool) -> Iterator[None]:
    """Let the gate go without the release's rollups, or without the results it kept, inside the block."""
    from dwh.datapath.semantic.execution.kept import KeptResults  # noqa: PLC0415
    from dwh.datapath.semantic.execution.rollups import NO_STOCK  # noqa: PLC0415
    from dwh.governance.protection import running  # noqa: PLC0415

    usual = running.stock_of, running.results
    if not rollups:
        running.stock_of = lambda manifest: NO_STOCK
    if not kept:
        running.results = KeptResults(0)
    try:
        yield
    finally:
        running.stock_of, running.results = usual
