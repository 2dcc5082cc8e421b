"""A person's own last questions, from the log, as links that ask them again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from dwh.datapath.tables.address import encode
from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.kernel.audit.models import AuditRecord, Kind

SHOWN, LOOKED_AT = 5, 120


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in the words of its subject."""

    title: str
    subject: str
    at: datetime
    url: str


def recent_questions(account: Account, today: date, *, most: int = SHOWN) -> list[Asked]:
    """Return the last different questions `account` asked in analysis and may still ask."""
    subjects = {subject["name"]: subject for subject in gate.fields_for(account, today)["subjects"]}
    found: dict[str, Asked] = {}
    for asked in _asked(account, subjects):
        found.setdefault(asked.url, asked)
    return list(found.values())[:most]


def _asked(account: Account, subjects: dict[str, Any]) -> Iterator[Asked]:
    own = AuditRecord.objects.of_person(account.email).filter(
        kind=Kind.QUERY, purpose__startswith="phân tích"
    )
    for record in own.order_by("-pk")[:LOOKED_AT]:
        query = record.facts.get("query", {})
        subject = subjects.get(query.get("subject", ""))
        if subject:
            labels = _labels(subject)
            names = [*query.get("values", ()), *query.get("rows", ()), *query.get("columns", ())]
            if all(name in labels for name in names):
                url = f"{reverse('analysis:page', kwargs={'subject': subject['name']})}?q={encode(query)}"
                yield Asked(_title(query, labels), subject["label"], record.at, url)


def _title(query: dict[str, Any], labels: dict[str, str]) -> str:
    values = ", ".join(labels[name] for name in query.get("values", ()))
    by = ", ".join(_inside(labels[name]) for name in (*query.get("rows", ()), *query.get("columns", ())))
    return f"{values} theo {by}" if by else values


def _inside(label: str) -> str:
    """Return `label` as it stands inside a sentence: «tỉnh, thành phố», but «BHXH cơ sở»."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _labels(subject: dict[str, Any]) -> dict[str, str]:
    measures = {one["name"]: one["label"] for one in (*subject["measures"], *subject["indicators"])}
    levels = {
        level["name"]: level["label"] for dimension in subject["dimensions"] for level in dimension["levels"]
    }
    defaults = {
        dimension["name"]: levels.get(dimension["default"], dimension["label"])
        for dimension in subject["dimensions"]
    }
    return measures | levels | defaults
