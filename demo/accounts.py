"""Opens the demonstration's accounts, and sets its calendar of reports: `python -m demo.accounts`.

Both through the same verbs a real administrator uses.
"""

from __future__ import annotations

import os
import sqlite3
from datetime import date
from pathlib import Path

import django

from demo.people import DemoPerson, load_people
from demo.reports_asked import ask_for_reports

OPENED_ON = date(2026, 1, 5)  # the demonstration's papers are dated then
PAPER = "01/QĐ-TRÌNH-DIỄN"  # an invented decision number
SUBJECT_NAMES = {
    "contributions": "chủ đề Thu", "claims": "chủ đề KCB BHYT", "benefits": "chủ đề Chế độ chính sách",
    "benefit_payments": "chủ đề Chi các chế độ", "participants": "chủ đề Người tham gia",
    "unemployment": "chủ đề BHTN",
}  # fmt: skip
DECIDERS = {
    "central_admin": "Lãnh đạo Ngành",
    "leadership": "Lãnh đạo Ngành",
    "province_admin": "Giám đốc Trung tâm CNTT và Chuyển đổi số",
    "analyst": "Thủ trưởng đơn vị",
}


def open_all(home: Path) -> None:
    """Open one account and one grant for every demonstration person that has a group; what exists stays."""
    from dwh.governance.access import services  # noqa: PLC0415 -- models need Django to be set up first
    from dwh.governance.access.models import Account  # noqa: PLC0415
    from dwh.kernel.actor import operator  # noqa: PLC0415

    clerk, names = operator("Bản trình diễn"), _unit_names(home)
    for person in load_people():
        if not person.group or Account.objects.filter(email=person.email).exists():
            continue
        account = services.open_account(
            services.NewAccount(
                email=person.email, person_code=person.staff_code, full_name=person.name,
                unit_code=person.unit_code, unit_name=names[person.unit],
            ),
            by=clerk, today=OPENED_ON,
        )  # fmt: skip
        terms = services.Terms(
            group=person.group, org_code=person.org_code, document_no=PAPER, decided_by=DECIDERS[person.group],
            subjects=person.subjects, valid_from=OPENED_ON,
        )  # fmt: skip
        services.grant(account, terms, by=clerk, today=OPENED_ON)


def area_label(person: DemoPerson, names: dict[str, str]) -> str:
    """Return what a person's right covers, in words; nothing for somebody without one."""
    if not person.group:
        return ""
    place = (
        "Toàn quốc"
        if person.org_code == "00"
        else names.get(person.org_code.removeprefix("00."), person.org_code)
    )
    return (
        place
        if "*" in person.subjects
        else f"{place}, chỉ {', '.join(SUBJECT_NAMES[s] for s in person.subjects)}"
    )


def _unit_names(home: Path) -> dict[str, str]:
    """Return ma_dv → name, from the personnel system as it was made."""
    with sqlite3.connect(f"file:{home}/sources/qlns.sqlite?mode=ro", uri=True) as personnel:
        return dict(personnel.execute("SELECT ma_dv, ten FROM ns_don_vi ORDER BY hieu_luc_tu"))


def unit_names(home: Path) -> dict[str, str]:
    """Return ma_dv → name; nothing before the demonstration is built."""
    return _unit_names(home) if (home / "sources" / "qlns.sqlite").is_file() else {}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dwh.site.settings")
    django.setup()
    open_all(Path(os.environ["DWH_HOME"]))
    ask_for_reports()
