"""What whoever approves a load sees before a row lands: the columns found, what is new or gone, totals, held rows.

A preview is a value with a digest: a load is approved for one digest and lands nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from dwh.datapath.sources.files.journal import Entry
from dwh.datapath.sources.manual.reading import Export, whole_rows
from dwh.datapath.sources.manual.scales import POWERS, size_of
from dwh.kernel import vi

_SHOWN_HELD = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed since the last load of the same export. Headers and letters of columns, đồng and counts."""

    number: int  # of the file compared with
    period: str
    is_correction: bool  # the same period was loaded before and will be replaced
    gained: list[str]
    lost: list[str]
    moved: list[str]
    relabelled: list[str]
    rows_before: int
    totals: dict[str, list[str]]  # column -> before, now


@dataclass(frozen=True, slots=True)
class Preview:
    """One file as it would land. All values are plain, for a screen, the log and the digest."""

    file: str
    sha256: str
    report: str
    label: str
    period: list[str]
    parameters: str
    columns: list[list[str]]  # letter, header, column or ''
    missing: list[str]
    rows: dict[str, int]  # level -> how many land
    held: list[dict[str, Any]]
    totals: dict[str, str]
    scales: dict[str, str]
    notes: list[str]
    difference: dict[str, Any] | None

    @property
    def digest(self) -> str:
        """Return what an approval is for: the file, how it was read and what it replaces."""
        return hashlib.sha256(
            json.dumps(asdict(self), sort_keys=True, ensure_ascii=False).encode()
        ).hexdigest()

    @property
    def unknown(self) -> list[str]:
        return [f"{header} (cột {letter})" for letter, header, column in self.columns if not column]

    def to_json(self) -> dict[str, Any]:
        """Return the preview as plain values, its digest with it."""
        return {**asdict(self), "digest": self.digest}

    def lines(self) -> list[str]:
        """Return the preview as people read it at a terminal."""
        landing = ", ".join(f"{count} {_LEVELS[level]}" for level, count in self.rows.items())
        known = sum(1 for _, _, column in self.columns if column)
        lines = [
            f"{self.label}, kỳ {vi.month_vi(self.period[0])}–{vi.month_vi(self.period[1])}",
            f"Tệp: {self.file} (sha256 {self.sha256[:12]}…), tham số {self.parameters}",
            f"Cột: nhận ra {known}, chưa biết {len(self.unknown)}, không có {len(self.missing)}",
            *(f"  chưa biết, không nạp: {header}" for header in self.unknown),
            *(f"  không có trong tệp: {label}" for label in self.missing),
            f"Dòng sẽ nạp: {landing or 'không có'}; giữ lại: {len(self.held)}",
            *(f"  {problem['message']}" for problem in self.held[:_SHOWN_HELD]),
            *(f"Tổng {name}: {vi.number(Decimal(value))}" for name, value in self.totals.items()),
            *(f"Lưu ý: {note}" for note in self.notes),
        ]
        return [*lines, *_difference_lines(self.difference)]


_LEVELS = {"nation": "dòng cả nước", "region": "vùng", "province": "tỉnh", "facility": "cơ sở KCB"}


def make_preview(export: Export, *, file: str, sha256: str, last: Entry | None) -> Preview:
    """Return the preview of an export against the last load of the same export."""
    columns = [
        [found.letter, found.header, found.column.name if found.column else ""]
        for found in export.heading.columns
    ]
    totals = totals_of(export)
    return Preview(
        file=file, sha256=sha256, report=export.layout.id, label=export.layout.label,
        period=[export.parameters.first, export.parameters.last], parameters=export.parameters.others,
        columns=columns, missing=[column.label for column in export.heading.missing],
        rows=dict(Counter(row.unit.level for row in export.rows)),
        held=[one.problem.within(file=file).to_json() for one in export.held], totals=totals,
        scales={name: POWERS[scale.power] for name, scale in export.scales.items()}, notes=list(export.notes),
        difference=asdict(_difference(export, columns, totals, last)) if last else None,
    )  # fmt: skip


def totals_of(export: Export) -> dict[str, str]:
    """Return the country's figure, or the sum over the file, of what may be added up."""
    rows = whole_rows(export.rows)
    return {
        name: str(sum((row.values.get(name) or Decimal(0) for row in rows), Decimal(0)))
        for name in export.layout.sums
    }


def sizes_of(export: Export) -> dict[str, float]:
    """Return the size of each money group in đồng, to weigh the next load against."""
    rows = [row.values for row in whole_rows(export.rows)]
    sizes = {rule.group: size_of(rule, rows) for rule in export.layout.units}
    return {group: float(size) for group, size in sizes.items() if size}


def _difference(
    export: Export, columns: Sequence[Sequence[str]], totals: Mapping[str, str], last: Entry
) -> Difference:
    before = {column or header: (letter, header) for letter, header, column in last.facts["columns"]}
    now = {column or header: (letter, header) for letter, header, column in columns}
    both = [name for name in now if name in before]
    return Difference(
        number=last.number,
        period=f"{last.facts['first']}–{last.facts['last']}",
        is_correction=[last.facts["first"], last.facts["last"]]
        == [export.parameters.first, export.parameters.last],
        gained=[now[name][1] for name in now if name not in before],
        lost=[before[name][1] for name in before if name not in now],
        moved=[
            f"{now[name][1]}: {before[name][0]} → {now[name][0]}"
            for name in both
            if now[name][0] != before[name][0]
        ],
        relabelled=[
            f"{before[name][1]} → {now[name][1]}" for name in both if now[name][1] != before[name][1]
        ],
        rows_before=int(last.facts["rows"]),
        totals={
            name: [last.facts["totals"][name], totals[name]]
            for name in totals
            if name in last.facts["totals"]
        },
    )


def _difference_lines(difference: Mapping[str, Any] | None) -> list[str]:
    if difference is None:
        return ["So với lần trước: chưa có lần nạp nào cùng biểu và tham số."]
    kind = "thay bản đã nạp của kỳ" if difference["is_correction"] else "so với kỳ"
    lines = [f"Khác lần trước ({kind} {difference['period']}, {difference['rows_before']} dòng):"]
    words = {"gained": "thêm cột", "lost": "mất cột", "moved": "chuyển cột", "relabelled": "đổi tiêu đề"}
    lines += [f"  {word}: {', '.join(difference[name])}" for name, word in words.items() if difference[name]]
    for name, (before, now) in difference["totals"].items():
        change = (Decimal(now) / Decimal(before) - 1) * 100 if Decimal(before) else None
        lines.append(
            f"  {name}: {vi.number(Decimal(before))} → {vi.number(Decimal(now))} ({vi.signed(change, 1)} %)"
        )
    return lines
