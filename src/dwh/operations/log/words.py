"""A record of the log told in words: what it is about, its facts one by one, the question it asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from dwh.datapath.semantic.calculations.kinds import KINDS
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.words import AS_IS, AS_OF, AS_WAS, Subject
from dwh.datapath.sources.contract import load_contract, source_names
from dwh.governance.access.rules import ALL_SUBJECTS, PERMISSION_LABELS
from dwh.kernel import vi
from dwh.kernel.audit.fact_words import (
    FACT_WORDS,
    NAMED,
    OBJECT_WORDS,
    PURPOSE_WORDS,
    UNTOLD,
    code_words,
    fact_words,
)
from dwh.kernel.errors import DwhError
from dwh.kernel.org.services import name_of

_ORDER: Final = {fact: place for place, fact in enumerate(FACT_WORDS)}
_UNITS: Final = {"unit", "unit_code", "org", "scope"}
_SOURCES: Final = {"source"}
_TABLES: Final = {"table", "tables"}
_PROOFS: Final = re.compile(r"(.*_)?sha256|digest|catalog")
_PROOF_SHOWN = 16  # characters; the whole is in the sealed text
_HIDDEN = re.compile(r"hmac:[0-9a-f]+")
_DAY, _MONTH = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
_BASIS: Final = {AS_IS: "theo hiện nay", AS_WAS: "theo ngày số liệu"}
_OPS: Final = {"in": "", "not_in": "không phải ", "eq": "", "gte": "từ ", "lte": "đến ", "between": "từ "}


@dataclass(frozen=True, slots=True)
class Said:
    """One fact: what it is called and what it says."""

    label: str
    value: str


def object_words(name: str) -> str:
    """Return what people call the object of a record: «Lượt chạy 5», «Chủ đề Thu BHXH…»; a page is its address."""
    if name in NAMED:
        return NAMED[name]
    kind, colon, rest = name.partition(":")
    if not colon or kind not in OBJECT_WORDS:
        return f"Trang {name}" if name.startswith("/") else name
    if kind == "subject":
        subject = _subject(rest)
        return subject.label if subject else rest
    if kind == "source":
        return _source(rest)
    return f"{OBJECT_WORDS[kind]} {rest.upper() if kind == 'report' else rest}"


def purpose_words(purpose: str) -> str:
    """Return what a figure was wanted for; a purpose a person or an older program wrote reads as it was written."""
    return PURPOSE_WORDS.get(purpose, purpose)


def told(action: str, facts: Mapping[str, Any]) -> list[Said]:
    """Return the facts of a record in words, the question first, proofs last; what is empty is left out."""
    inner = facts.get("facts")  # the frame records a refusal's own facts in one
    flat = {**facts, **inner} if isinstance(inner, dict) else facts
    lines = list(_question(flat["query"])) if isinstance(flat.get("query"), dict) else []
    lines += _changes(action, flat.get("before"), flat.get("after"))
    return lines + list(_plain(action, flat))


def _plain(action: str, facts: Mapping[str, Any]) -> Iterator[Said]:
    for fact, value in sorted(facts.items(), key=_place):
        if fact in UNTOLD | {"facts", "before", "after"} or value in (None, "", [], {}):
            continue
        if isinstance(value, dict):
            yield from _plain(action, value)
        else:
            yield Said(fact_words(fact), _value(action, fact, value))


def _place(fact: tuple[str, Any]) -> int:
    return _ORDER.get(fact[0], len(_ORDER))


def _changes(action: str, before: Any, after: Any) -> list[Said]:
    """Return each change as «trước → sau»; something new has no «trước»."""
    if before is None and after is None:
        return []
    if not isinstance(after, dict):
        return [Said("Thay đổi", _arrow(action, "value", before, after))]
    was = before if isinstance(before, dict) else {}
    return [
        Said(fact_words(fact), _arrow(action, fact, was.get(fact), value))
        for fact, value in after.items() if value != was.get(fact)
    ]  # fmt: skip


def _arrow(action: str, fact: str, before: Any, after: Any) -> str:
    now = "để trống" if after in (None, "") else _value(action, fact, after)
    return now if before in (None, "") else f"{_value(action, fact, before)} → {now}"


def _value(action: str, fact: str, value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_item(action, fact, one) for one in value)
    if isinstance(value, bool):
        return "có" if value else "không"
    if fact == "vnd":
        return f"{vi.number(Decimal(str(value)))} đồng"
    if fact == "bytes":
        return vi.size(int(value))
    if isinstance(value, int):
        return vi.number(value)
    return _text(action, fact, str(value))


def _item(action: str, fact: str, value: Any) -> str:
    if not isinstance(value, dict):
        return _value(action, fact, value)
    if "to_name" in value:  # a line of a change of the organisation
        return " → ".join(filter(None, (value.get("from_name"), value["to_name"])))
    return ", ".join(f"{said.label}: {said.value}" for said in _plain(action, value))


def _text(action: str, fact: str, text: str) -> str:
    if fact in _UNITS:
        return name_of(text)
    if fact in _SOURCES:
        return _source(text)
    if fact in _TABLES:
        return _table(text)
    if fact == "permission":
        return PERMISSION_LABELS.get(text, text)
    if fact == "subjects":
        subject = _subject(text)
        return "mọi chủ đề" if text == ALL_SUBJECTS else subject.label if subject else text
    if _PROOFS.fullmatch(fact):
        return text if len(text) <= _PROOF_SHOWN else f"{text[:_PROOF_SHOWN]}…"
    return code_words(action, fact, _dated(text))


def _dated(text: str) -> str:
    """Return a day, month or moment as people write it, personal values as hidden, anything else unchanged."""
    if _HIDDEN.fullmatch(text):
        return "(đã ẩn, dữ liệu cá nhân)"
    try:
        if _DAY.fullmatch(text):
            return vi.date_vi(date.fromisoformat(text))
        if _MONTH.fullmatch(text):
            return vi.month_vi(text)
        return vi.datetime_vi(datetime.fromisoformat(text)) if _MOMENT.fullmatch(text) else text
    except ValueError:  # looks like one and is none
        return text


def _question(query: Mapping[str, Any]) -> Iterator[Said]:
    """Yield a question of the catalogue by its labels, any other by its facts."""
    subject = _subject(str(query.get("subject", "")))
    if subject is None or "values" not in query:
        yield from _plain("quarantine.", query)
        return
    yield Said("Chỉ tiêu", _labels(subject, query["values"]))
    for axis, label in (("rows", "Theo hàng"), ("columns", "Theo cột"), ("members", "Danh mục của")):
        if named := query.get(axis):
            yield Said(label, _labels(subject, [named] if isinstance(named, str) else named))
    for one in query.get("filters", ()):
        yield Said("Lọc", f"{_labels(subject, [one['field']])}: {_filter(one)}")
    for one in query.get("calculations", ()):
        yield Said("Phép tính", _calculation(subject, one))
    if basis := str(query.get("org_basis", "")):
        yield Said("Tổ chức", _BASIS.get(basis) or f"theo cây ngày {_dated(basis.removeprefix(AS_OF))}")


def _calculation(subject: Subject, one: Mapping[str, Any]) -> str:
    """Return «Tăng trưởng: Số tiền đã thu», or a formula as it was written."""
    kind = KINDS.get(str(one.get("kind", "")))
    of = str(one.get("formula", "")) or _label(subject, str(one.get("of", "")))
    return f"{kind.label if kind else one.get('kind', '')}: {of}"


def _filter(one: Mapping[str, Any]) -> str:
    values = [
        name_of(str(value)) if one["field"].startswith("org.") else _dated(str(value))
        for value in one.get("values", ())
    ]
    if one.get("op") == "between" and len(values) == 2:
        return f"từ {values[0]} đến {values[1]}"
    return _OPS.get(str(one.get("op")), "") + ", ".join(values)


def _labels(subject: Subject, names: Iterable[str]) -> str:
    return ", ".join(_label(subject, name) for name in names)


def _label(subject: Subject, name: str) -> str:
    """Return the label of a figure or level; what the catalogue no longer has reads as it was written."""
    other, _, local = name.rpartition(":")
    if other and (found := _subject(other)):
        return f"{_label(found, local)} ({found.label})"
    try:
        known = name in subject.measures or name in subject.indicators
        return subject.value(name).label if known else subject.field(name).label
    except DwhError:
        return name


def _subject(name: str) -> Subject | None:
    try:
        return load_catalog().subject(name)
    except DwhError:
        return None


def _source(name: str) -> str:
    return load_contract(name).label if name in source_names() else name


def _table(name: str) -> str:
    for source in source_names():
        for table in load_contract(source).tables:
            if table.name == name:
                return table.label
    return name
