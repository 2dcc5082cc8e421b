"""Opens the real door on a bench release: accounts, rights, log and all, on a governance database of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.query import Query
from dwh.datapath.settings import DataPathSettings

Ask = Callable[[Query, tuple[str, ...]], Answer]
TODAY = date(2026, 11, 23)
AREAS = {("00",): "toan.quoc@vss.gov.vn", ("00.01",): "mot.tinh@vss.gov.vn"}


def environment(home: Path) -> dict[str, str]:
    """Return the environment of the process that answers."""
    return {
        **os.environ,
        "DWH_HOME": str(home),
        "DWH_SECRET_KEY": "only-for-the-bench",
        "DJANGO_SETTINGS_MODULE": "dwh.site.settings",
        "DWH_BUILD_MEMORY": "3GB",
        "PYTHONPATH": os.pathsep.join(("src", ".")),
    }


def datapath() -> DataPathSettings:
    """Return the settings the gate reads, so that the hand SQL runs on the very same engine."""
    found: DataPathSettings = settings.DATAPATH
    return found


def open_door(home: Path) -> Ask:
    """Make the governance database, one account per area, and return `gate.ask` as those accounts."""
    django.setup()
    call_command("migrate", verbosity=0)
    from dwh.governance import gate  # noqa: PLC0415 -- models need Django to be set up first
    from dwh.governance.access.models import Account  # noqa: PLC0415
    from dwh.governance.access.services import NewAccount, Terms, grant, open_account  # noqa: PLC0415
    from dwh.kernel.actor import operator  # noqa: PLC0415

    clerk = operator("Đo tốc độ")
    gate.refresh_units(by=clerk)
    for number, (area, email) in enumerate(AREAS.items()):
        person = NewAccount(email, f"NV{number:08}", "Người đo tốc độ", area[0], "Đơn vị đo")
        terms = Terms("analyst", area[0], document_no="01/ĐO", decided_by="Giám đốc", subjects=("*",))
        grant(open_account(person, by=clerk, today=TODAY), terms, by=clerk, today=TODAY)

    def ask(query: Query, area: tuple[str, ...]) -> Answer:
        account = Account.objects.get(email=AREAS[area])
        return gate.ask(query, by=account, purpose="đo tốc độ", today=TODAY)

    return ask
