"""Every act on technical parameters: one verb, one transaction, one entry in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from dwh.datapath.settings import DataPathSettings, SourceSettings, source_settings
from dwh.datapath.sources.contract import load_contract, source_names
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Invalid, NotFound
from dwh.kernel.law import QC_DWH, cites
from dwh.operations.parameters import rules
from dwh.operations.parameters.models import ParameterChange
from dwh.operations.parameters.rules import BUILDER, Parameter

SHORTEST_REASON = 10  # characters; ours: a reason is a sentence


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants a parameter to be; `at` is None for at once."""

    value: str
    reason: str
    at: datetime | None = None


def every_parameter() -> tuple[Parameter, ...]:
    """Return every parameter: the builder's, then two of each source in the order of the regulation."""
    read = [p for name in source_names() for p in rules.parameters_of(name, load_contract(name).label)]
    return (*BUILDER, *read)


@cites(QC_DWH.art("12.1"))
@transaction.atomic
def set_parameter(
    code: str, wish: Wish, *, settings: DataPathSettings, by: Actor, now: datetime
) -> ParameterChange:
    """Give a parameter another value, from now or from a later moment on.

    `settings` are the machine's own, whose value is the old one when nobody set it before.

    Raises:
        NotFound: no such parameter. Invalid: not a value of it, no reason, a moment that is over.
        Conflict: it has that value already, or another change of it waits for its moment.

    Source: QC-DWH Điều 12.1.
    """
    parameter = _named(code)
    value, at = rules.read_value(parameter, wish.value), rules.begins(wish.at, now)
    if len(wish.reason.strip()) < SHORTEST_REASON:
        raise Invalid("Hãy ghi lý do thay đổi bằng một câu (ít nhất 10 ký tự).", parameter=code)
    changes = list(ParameterChange.objects.select_for_update().filter(code=code))
    if waiting := [c for c in changes if c.withdrawn_at is None and c.takes_effect_at > now]:
        raise Conflict(
            f"«{parameter.label}» đang có thay đổi {waiting[0].pk} chờ hiệu lực. Rút thay đổi đó trước.",
            change=waiting[0].pk,
        )
    was = {**rules.configured(settings, source_names()), **rules.values_in_force(changes, now)}[code]
    if was == value:
        raise Conflict(f"«{parameter.label}» đang là giá trị này; không có gì thay đổi.", parameter=code)
    change = ParameterChange.objects.create(
        code=code, was=was, value=value, reason=wish.reason.strip(), asked_by=by.email, asked_at=now,
        takes_effect_at=at,
    )  # fmt: skip
    record(
        "parameter.set", by=by, about=f"parameter:{code}", change=change.pk, before=was, after=value,
        takes_effect_at=at.isoformat(), reason=change.reason,
    )  # fmt: skip
    return change


@cites(QC_DWH.art("12.1"))
@transaction.atomic
def withdraw(pk: int, *, by: Actor, now: datetime) -> ParameterChange:
    """Take back a change that waits for its moment.

    Raises:
        NotFound: no such change. Conflict: it was taken back, or is in force: set the parameter anew instead.

    Source: QC-DWH Điều 12.1.
    """
    change = ParameterChange.objects.select_for_update().filter(pk=pk).first()
    if change is None:
        raise NotFound("Không có thay đổi tham số này. Chọn một thay đổi trong danh sách.", change=pk)
    if change.withdrawn_at is not None:
        raise Conflict("Thay đổi này đã được rút.")
    if change.takes_effect_at <= now:
        raise Conflict("Thay đổi này đã có hiệu lực. Đặt lại giá trị mới thay vì rút.")
    change.withdrawn_by, change.withdrawn_at = by.email, now
    change.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record("parameter.withdrawn", by=by, about=f"parameter:{change.code}", change=pk, value=change.value)
    return change


def set_values(now: datetime) -> dict[str, str]:
    """Return code → value of every parameter people have set, as they hold now."""
    return rules.values_in_force(ParameterChange.objects.all(), now)


def in_force(settings: DataPathSettings, now: datetime) -> tuple[DataPathSettings, dict[str, str]]:
    """Return the settings a run works with now, and what people set among them (for the run's report).

    A reading window somebody lifted by hand for this run stays lifted.
    """
    values = set_values(now)
    changed = replace(
        settings,
        memory_limit=f"{values['build.memory_mb']}MB"
        if "build.memory_mb" in values
        else settings.memory_limit,
        threads=int(values.get("build.threads", settings.threads)),
        sources_at_once=int(values.get("sync.sources", settings.sources_at_once)),
        loss_percent=int(values.get("loss.percent", settings.loss_percent)),
        loss_rows=int(values.get("loss.rows", settings.loss_rows)),
        free_percent=int(values.get("check.free_percent", settings.free_percent)),
        reading={**settings.reading, **_readings(settings, values)},
    )
    return changed, values


def _readings(settings: DataPathSettings, values: Mapping[str, str]) -> dict[str, SourceSettings]:
    readings = {}
    for name in source_names():
        pace, window = (values.get(f"source.{name}.{what}") for what in ("max_rows_s", "window"))
        if pace is None and window is None:
            continue
        own = settings.reading.get(name, SourceSettings())
        said = source_settings(name, max_rows_s=pace or "", window=window or "")
        readings[name] = SourceSettings(
            own.max_rows_s if pace is None else said.max_rows_s,
            own.window if window is None else said.window,
            own.outside_window,
        )
    return readings


def _named(code: str) -> Parameter:
    found = next((parameter for parameter in every_parameter() if parameter.code == code), None)
    if found is None:
        raise NotFound("Không có tham số này. Chọn một tham số trong danh sách.", parameter=code)
    return found
