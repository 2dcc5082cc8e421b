"""Lets a build read what people decided in the place of the empty lists the models were written against."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from dwh.datapath.pipeline.plan import Plan
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources import org_events, person_decisions
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.parts import sha256_of
from dwh.kernel.errors import DamagedFile

PERSONS = "seed.person_decision"
ORGANISATION = "seed.org_event"


def with_decisions(plan: Plan, settings: DataPathSettings, base: Manifest | None, today: date) -> Plan:
    """Return the plan with the decisions about persons and the reorganisations in force on `today`.

    Raises: DamagedFile when the last release knew decisions and their file is gone: they would vanish silently.
    """
    plan = _with(
        plan, base, _Handed(PERSONS, person_decisions.decisions_file(settings), "gộp, tách người"), settings
    )
    events = _Handed(ORGANISATION, org_events.events_file(settings), "tổ chức lại đơn vị")
    plan = _with(plan, base, events, settings)
    if ORGANISATION in plan.seeds and events.file.exists():
        org_events.keep_in_force(plan.seeds[ORGANISATION], today)
    return plan


@dataclass(frozen=True, slots=True)
class _Handed:
    table: str
    file: Path
    about: str


def _with(plan: Plan, base: Manifest | None, handed: _Handed, settings: DataPathSettings) -> Plan:
    if handed.table not in plan.seeds:
        return plan
    if handed.file.exists():
        as_read = (
            settings.work / handed.file.name
        )  # a decision may come while the build runs: the next one reads it
        shutil.copyfile(handed.file, as_read)
        return replace(plan, seeds={**plan.seeds, handed.table: as_read})
    known = base.models.get(handed.table) if base else None
    if known not in (None, sha256_of(plan.seeds[handed.table])):
        raise DamagedFile(
            f"Tệp quyết định {handed.about} (landing/decisions/{handed.file.name}) không còn. Hãy khôi phục từ bản"
            " sao lưu rồi chạy lại; bản đang công bố giữ nguyên.",
            path=str(handed.file),
        )
    return plan
