"""What clerks decided about persons, as plain rows: landing/decisions/persons.csv. The only writer of that file.

Rows are only ever added: a merge is taken back by a split or a withdrawal, which are rows too. Who decides, and on
which paper, is governance's affair; here lies what a build needs, and it reads the file as a code list of its own.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from dwh.datapath.settings import DataPathSettings
from dwh.kernel.errors import Conflict, Invalid

Action = Literal["merge", "split", "withdraw"]
_NUMBER = re.compile(r"\d{10}")


@dataclass(frozen=True, slots=True)
class PersonDecision:
    """One decision: `number` is one person with `other_number`, or is taken out, or `withdraws` ends a decision."""

    decision_id: str
    decided_at: datetime
    decided_by: str
    action: Action
    reason: str
    number: str = ""
    other_number: str = ""
    withdraws: str = ""
    document_no: str = ""


COLUMNS = (
    "decision_id", "decided_at", "decided_by", "action", "number", "other_number", "withdraws", "document_no", "reason",
)  # fmt: skip
assert set(COLUMNS) == {field.name for field in fields(PersonDecision)}


def decisions_file(settings: DataPathSettings) -> Path:
    """Return where the decisions lie; the file is absent before the first one."""
    return settings.landing / "decisions" / "persons.csv"


def add_decisions(settings: DataPathSettings, decisions: Iterable[PersonDecision]) -> Path:
    """Add rows to the file: written whole beside it, synced, renamed. Return its path.

    Raises:
        Invalid: a row that no build could understand; nothing is written.
        Conflict: an id that is taken, or a withdrawal of a decision that is not there.
    """
    path = decisions_file(settings)
    known = read_decisions(settings)
    every = [*known]
    for decision in decisions:
        _check(decision, {one.decision_id: one for one in every})
        every.append(decision)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".tmp")
    with aside.open("w", encoding="utf-8", newline="") as file:
        file.write(_text(every))
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
    return path


def read_decisions(settings: DataPathSettings) -> list[PersonDecision]:
    """Return every decision in the order it was added."""
    path = decisions_file(settings)
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = [dict(row) for row in csv.DictReader(file)]
    return [PersonDecision(**{**row, "decided_at": _moment(row["decided_at"])}) for row in rows]


def _check(decision: PersonDecision, known: dict[str, PersonDecision]) -> None:
    if not (decision.decision_id and decision.decided_by and decision.reason.strip()):
        raise Invalid("Quyết định về người thiếu mã, người quyết định hoặc lý do. Hãy ghi đủ rồi lưu lại.")
    if decision.decision_id in known:
        raise Conflict(
            f"Quyết định «{decision.decision_id}» đã có. Hãy dùng mã khác.", decision=decision.decision_id
        )
    if decision.action == "withdraw":
        target = known.get(decision.withdraws)
        if target is None or target.action == "withdraw":
            raise Conflict(
                f"Không có quyết định «{decision.withdraws}» để rút lại. Hãy chọn một quyết định gộp hoặc tách.",
                decision=decision.withdraws,
            )
        return
    numbers = [decision.number, decision.other_number]
    wanted = numbers if decision.action == "merge" or decision.other_number else numbers[:1]
    if any(not _NUMBER.fullmatch(number) for number in wanted) or len(set(wanted)) < len(wanted):
        raise Invalid("Quyết định gộp hoặc tách phải ghi mã số BHXH 10 chữ số, hai mã số khác nhau.")


def _text(decisions: Iterable[PersonDecision]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in decisions:
        at = one.decided_at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
        values = {field.name: value for field, value in zip(fields(one), astuple(one), strict=True)}
        writer.writerow([at if name == "decided_at" else values[name] for name in COLUMNS])
    return text.getvalue()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
