"""What the pages of the monthly check show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from dwh.datapath.checking.findings import SERVED
from dwh.datapath.dictionary.collect import load_dictionary
from dwh.datapath.sources.contract import load_contract
from dwh.governance.access.models import Account
from dwh.governance.access.services import permissions_of
from dwh.kernel.audit.models import AuditRecord
from dwh.operations.checks import rules
from dwh.operations.checks.models import CheckRecord
from dwh.operations.checks.rules import TaskState

_FAILED = {
    "quarantine": "Dữ liệu lỗi đang giữ",
    "rejected": "Dữ liệu lỗi đã loại",
    "accepted": "Dữ liệu lỗi được chấp nhận",
}


@dataclass(frozen=True, slots=True)
class Task:
    """The check of one month: when it is due, where it stands, the record that counts."""

    month: str
    due: date
    state: TaskState
    record: CheckRecord | None
    others: int

    @property
    def label(self) -> str:
        return rules.TASK_LABELS[self.state]

    @property
    def is_late(self) -> bool:
        """Tell whether it was signed after its day."""
        signed = self.record.signed_at if self.record else None
        return signed is not None and timezone.localdate(signed) > self.due


def first_published() -> date | None:
    """Return the day figures were first public, as the log tells."""
    first = AuditRecord.objects.filter(action="release.published").order_by("id").first()
    return timezone.localdate(first.at) if first else None


def tasks(today: date) -> list[Task]:
    """Return the task of every month since the first publication, newest first."""
    first = first_published()
    if first is None:
        return []
    records: dict[str, list[CheckRecord]] = {}
    for row in CheckRecord.objects.defer("result").order_by("-id"):
        records.setdefault(row.month, []).append(row)
    return [
        _task(month, first, today, records.get(month, [])) for month in rules.months_to_check(first, today)
    ]


def overview(account: Account, today: date) -> dict[str, Any]:
    """Return the context of the first page: the months with their states."""
    listed = tasks(today)
    return {
        "tasks": listed,
        "overdue": sum(task.state == TaskState.OVERDUE for task in listed),
        "to_sign": sum(bool(task.record and not task.record.signed_by) for task in listed),
        "faults": sum(task.record.grave for task in listed[:1] if task.record),
        "due_day": rules.DUE_DAY,
        "may_run": "sync:run" in permissions_of(account, today),
    }


def details(row: CheckRecord) -> dict[str, Any]:
    """Return the context of one record: its findings first, then what was read, counted and measured."""
    result = row.result
    before = result["before"] or {"rows": {}, "spaces": {}, "month": ""}
    rows = [_named(one | {"before": before["rows"].get(one["table"])}) for one in result["rows"]]
    wrong = {one["subject"] for one in result["findings"]}
    return {
        "row": row,
        "findings": [_found(one) for one in result["findings"]],
        "looked": [_read(one, result) for one in result["looked"]],
        "rows": [one for one in rows if one["table"] in wrong],
        "all_rows": rows,
        "counted": sum(one["counted"] or 0 for one in rows if not one["served"]),
        "sources": [one | {"source_label": load_contract(one["source"]).label} for one in result["sources"]],
        "differing": sum(bool(one["unexplained"]) for one in result["sources"]),
        "pointers": [_pointer(one) for one in result["pointers"]],
        "orphans": sum(one["orphans"] or 0 for one in result["pointers"]),
        "spaces": [_grown(one, before["spaces"]) for one in result["spaces"]],
        "disks": [_disk(one) for one in result["disks"]],
        "before_month": before["month"],
        "is_whole": not row.signed_by or row.digest == row.computed_digest(),
        "history": CheckRecord.objects.defer("result").filter(month=row.month),
    }


def table_label(table: str) -> str:
    """Return what a table is called in the dictionary; its name when it is not there."""
    plain = table.removesuffix(SERVED)
    schema, _, name = plain.partition(".")
    known = load_dictionary().tables
    if schema in _FAILED and f"landed.{name}" in known:
        return f"{_FAILED[schema]}: {known[f'landed.{name}'].label}"
    return known[plain].label if plain in known else _OTHERS.get(plain, plain)


_OTHERS = {
    "quarantine.held": "Dữ liệu lỗi đang giữ",
    "quarantine.rejected": "Dữ liệu lỗi đã loại",
    "quarantine.accepted": "Dữ liệu lỗi được chấp nhận",
    "quarantine.flagged": "Dòng bị nêu, vẫn vào số liệu",
    "quarantine.trial": "Dòng bị nêu bởi quy tắc chạy thử",
    "quarantine.versions": "Các lần gửi của dòng lỗi",
    "desk.decisions": "Quyết định về dữ liệu lỗi",
    "quality.staged": "Số dòng đã chuẩn hóa theo đơn vị",
}


def _task(month: str, first: date, today: date, records: list[CheckRecord]) -> Task:
    """Return the task of a month; of its records the newest signed one counts, else the newest."""
    counts = next((row for row in records if row.signed_by), records[0] if records else None)
    due = rules.due_on(month, first)
    state = rules.state_of(due, today, checked=bool(records), signed=bool(counts and counts.signed_by))
    return Task(month, due, state, counts, max(0, len(records) - 1))


def _named(one: dict[str, Any]) -> dict[str, Any]:
    change = None if None in (one["before"], one["counted"]) else one["counted"] - one["before"]
    return one | {
        "label": table_label(one["table"]), "served": one["table"].endswith(SERVED), "change": change,
        "agrees": one["promised"] == one["counted"],
    }  # fmt: skip


def _found(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"area_label": rules.AREA_LABELS[one["area"]], "subject_label": _subject(one)}


def _read(one: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    faults = sum(found["area"] == one["area"] and found["grave"] for found in result["findings"])
    return one | {"label": rules.AREA_LABELS[one["area"]], "faults": faults}


def _pointer(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"label": table_label(one["table"]), "target_label": table_label(one["target"])}


def _disk(one: dict[str, Any]) -> dict[str, Any]:
    free = 100 * one["free"] / one["total"] if one["total"] else 0.0
    return one | {"labels": [_space(area) for area in one["areas"]], "free_percent": free}


def _subject(finding: dict[str, Any]) -> str:
    """Return the label of a table a finding is about; a file has none but its name."""
    table = ".".join(finding["subject"].split(".")[:2])
    label = table_label(table) if finding["area"] in {"rows", "pointers"} else ""
    return "" if label == table else label


def _space(area: str) -> str:
    return rules.SPACE_LABELS.get(area, area)


def _grown(one: dict[str, Any], before: dict[str, int]) -> dict[str, Any]:
    was = before.get(one["area"])
    return one | {"label": _space(one["area"]), "grown": None if was is None else one["bytes"] - was}
