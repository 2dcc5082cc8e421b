"""What a release tells of the batches it was made from: when they were read, how many rows they brought."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from dwh.datapath.sources.manifest import Batch

TOLD: Final = 20  # batches of a table that are told of; ours: what a page can show


def told_batches(landed: Iterable[tuple[Batch, ...]]) -> dict[str, list[dict[str, Any]]]:
    """Return source.table → its first batch and the latest, TOLD together; `landed` are the batches table by table.

    A release says it itself: who reads releases does not read landing/ (SECURITY.md), and a batch may be gone one day.
    """
    found: dict[str, list[Batch]] = {}
    for batches in landed:
        for batch in batches:
            found.setdefault(f"{batch.source}.{batch.table}", []).append(batch)
    return {
        name: [_told(batch) for batch in (mine if len(mine) <= TOLD else [mine[0], *mine[1 - TOLD :]])]
        for name, mine in found.items()
    }


def _told(batch: Batch) -> dict[str, Any]:
    read_at = batch.finished_at.isoformat()
    return {"id": batch.batch_id, "kind": batch.kind, "rows": batch.rows, "read_at": read_at}
