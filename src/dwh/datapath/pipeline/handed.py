"""Lets a build read what people decided in the place of the empty lists the models were written against."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

from dwh.datapath.pipeline.plan import Plan
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources import org_events, person_decisions
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.parts import sha256_of
from dwh.kernel.errors import DamagedFile

PERSONS = "seed.person_decision"
HANDED = frozenset({PERSONS, org_events.SEED})  # code lists that are data


def with_decisions(plan: Plan, settings: DataPathSettings, base: Manifest | None, today: date) -> Plan:
    """Return the plan with the decisions about persons and the reorganisations in force on `today`.

    Raises: DamagedFile when the last release knew decisions and their file is gone: they would vanish silently.
    """
    seeds = dict(plan.seeds)
    for table, file, about in (
        (PERSONS, person_decisions.decisions_file(settings), "gộp, tách người"),
        (org_events.SEED, org_events.events_file(settings), "tổ chức lại đơn vị"),
    ):
        if table in seeds and file.exists():
            seeds[table] = shutil.copyfile(file, settings.work / file.name)  # later ones wait for the next
        elif table in seeds and base and base.models.get(table) not in (None, sha256_of(seeds[table])):
            raise DamagedFile(
                f"Tệp quyết định {about} (landing/decisions/{file.name}) không còn. Hãy khôi phục từ bản sao lưu"
                " rồi chạy lại; bản đang công bố giữ nguyên."
            )
    if seeds.get(org_events.SEED) != plan.seeds.get(org_events.SEED):  # only those of days gone by
        org_events.keep_in_force(seeds[org_events.SEED], today)
    return replace(plan, seeds=seeds)
