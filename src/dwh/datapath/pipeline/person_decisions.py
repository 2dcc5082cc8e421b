"""Lets a build read the decisions about persons in the place of the empty list the models were written against."""

from __future__ import annotations

import shutil
from dataclasses import replace

from dwh.datapath.pipeline.plan import Plan
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.person_decisions import decisions_file
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.parts import sha256_of
from dwh.kernel.errors import DamagedFile

TABLE = "seed.person_decision"


def with_person_decisions(plan: Plan, settings: DataPathSettings, base: Manifest | None) -> Plan:
    """Return the plan with the decisions as they stand now; a plan that reads none stays as it is.

    Raises: DamagedFile when the last release knew decisions and the file is gone: merges would vanish silently.
    """
    if TABLE not in plan.seeds:
        return plan
    path = decisions_file(settings)
    if path.exists():
        as_read = settings.work / path.name  # a decision may come while the build runs: the next one reads it
        shutil.copyfile(path, as_read)
        return replace(plan, seeds={**plan.seeds, TABLE: as_read})
    known = base.models.get(TABLE) if base else None
    if known not in (None, sha256_of(plan.seeds[TABLE])):
        raise DamagedFile(
            "Tệp quyết định gộp, tách người (landing/decisions/persons.csv) không còn. Hãy khôi phục từ bản sao lưu"
            " rồi chạy lại; bản đang công bố giữ nguyên.",
            path=str(path),
        )
    return plan
