"""What the page of technical parameters shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.contract import source_names
from dwh.kernel import vi
from dwh.operations.parameters import rules, services
from dwh.operations.parameters.models import ParameterChange
from dwh.operations.parameters.rules import Kind, Parameter

HISTORY = 200  # newest changes on the page; every one stays in the table and in the log


@dataclass(frozen=True, slots=True)
class Line:
    """One parameter: its value now in words, who set it, what waits."""

    parameter: Parameter
    typed: str
    words: str
    is_set: bool
    since: ParameterChange | None
    waiting: ParameterChange | None
    waiting_words: str


@dataclass(frozen=True, slots=True)
class Past:
    """One change of the history in words."""

    change: ParameterChange
    label: str
    was: str
    value: str
    state: str
    may_withdraw: bool


def page(settings: DataPathSettings, now: datetime) -> dict[str, Any]:
    """Return the context of the page: lines of the builder, lines by source, the history."""
    changes = list(ParameterChange.objects.order_by("takes_effect_at", "pk"))
    by_code = {parameter.code: parameter for parameter in services.every_parameter()}
    values = {**rules.configured(settings, source_names()), **rules.values_in_force(changes, now)}
    lines = [_line(parameter, values, changes, now) for parameter in by_code.values()]
    newest = sorted(changes, key=lambda change: -change.pk)
    return {
        "groups": (
            ("Tổng hợp, kiểm tra", [line for line in lines if not line.parameter.source]),
            ("Đọc nguồn", [line for line in lines if line.parameter.source]),
        ),
        "history": [_past(c, by_code[c.code], now) for c in newest[:HISTORY] if c.code in by_code],
        "more": max(0, len(newest) - HISTORY),
    }


def words_of(parameter: Parameter, value: str) -> str:
    """Return a value as people read it, with its unit."""
    if not value:
        return "mọi giờ" if parameter.kind == Kind.HOURS else "không giới hạn"
    if parameter.kind == Kind.HOURS:
        return value.replace("-", "–")
    return f"{vi.number(int(value))} {parameter.unit}"


def _line(
    parameter: Parameter, values: Mapping[str, str], changes: list[ParameterChange], now: datetime
) -> Line:
    mine = [c for c in changes if c.code == parameter.code and c.withdrawn_at is None]
    held = [c for c in mine if c.takes_effect_at <= now]
    waiting = next((c for c in mine if c.takes_effect_at > now), None)
    value = values[parameter.code]
    return Line(
        parameter, value, words_of(parameter, value), bool(held), held[-1] if held else None, waiting,
        words_of(parameter, waiting.value) if waiting else "",
    )  # fmt: skip


def _past(change: ParameterChange, parameter: Parameter, now: datetime) -> Past:
    waits = change.withdrawn_at is None and change.takes_effect_at > now
    state = "đã rút" if change.withdrawn_at else "chờ hiệu lực" if waits else "đã có hiệu lực"
    old, new = words_of(parameter, change.was), words_of(parameter, change.value)
    return Past(change, parameter.label, old, new, state, waits)
