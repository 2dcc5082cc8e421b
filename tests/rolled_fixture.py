"""The small release with its rollups, and a manifest that says its facts are large: so that the rollups are taken."""

from __future__ import annotations

import json
from pathlib import Path

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.engine import connect
from dwh.datapath.warehouse.release import MANIFEST, SERVING
from dwh.datapath.warehouse.rollups.definition import load_rollups
from dwh.datapath.warehouse.rollups.tables import core_models, fill
from tests.warehouse_fixture import RELEASE, tiny_release

LARGE = 10**9


def rolled_release(folder: Path) -> DataPathSettings:
    """Publish the small release with every rollup under `folder`, return settings that point there."""
    settings = tiny_release(folder)
    home = settings.releases / RELEASE
    engine = connect(home / SERVING, memory_limit="256MB", threads=1)
    rows = fill(engine, load_rollups(), core_models())
    engine.run("CHECKPOINT")
    engine.close()
    manifest = json.loads((home / MANIFEST).read_text(encoding="utf-8"))
    manifest["serving_rows"] |= {one.of: LARGE for one in load_rollups()} | rows
    (home / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return settings
