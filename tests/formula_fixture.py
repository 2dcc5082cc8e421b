"""The small release as if built by the formulas of today, but for those a test names: for pages that tell of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dwh.datapath.pipeline.inputs import landed_fingerprint
from dwh.datapath.pipeline.plan import load_plan
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.staleness.figures import formulas
from tests.warehouse_fixture import MONTHS, RELEASE, tiny_release

FACT = "core.fct_claim"


def release_of_today(
    folder: Path, *, models: dict[str, str] | None = None, figures: dict[str, str] | None = None
) -> DataPathSettings:
    """Return the settings of a home whose release has these formula versions in the place of those of today."""
    settings, plan = tiny_release(folder), load_plan()
    path = settings.releases / RELEASE / "manifest.json"
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    landed = {name: landed_fingerprint(plan, name) for name in plan.landed}
    manifest["models"] = {**plan.fingerprints, **landed, **plan.seed_versions(), **(models or {})}
    manifest["ledger"] = {FACT: {month: ["", False] for month in MONTHS}}
    manifest["figures"] = formulas() | (figures or {})
    path.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return settings
