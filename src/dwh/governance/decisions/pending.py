"""What was decided and is not in the release in use yet, as the reader of failed rows wants it."""

from __future__ import annotations

from functools import lru_cache

from dwh.datapath.desk.reading import decisions_read
from dwh.datapath.desk.relation import Pending
from dwh.datapath.warehouse.release import Release
from dwh.governance.decisions.models import DecidedRow, Decision
from dwh.governance.decisions.rules import State

PROPOSE = "propose"  # the verdict of an acceptance nobody approved so far

_read = lru_cache(maxsize=8)(decisions_read)  # a release never changes


def pending_for(release: Release) -> Pending:
    """Return the live decisions `release` was not made with; after a release is taken back they wait again."""
    waiting = {
        pk: PROPOSE if state == State.PROPOSED else verdict
        for pk, reference, state, verdict in Decision.objects.live().values_list(
            "pk", "reference", "state", "verdict"
        )
        if reference.hex not in _read(release)
    }
    lines = DecidedRow.objects.filter(decision_id__in=waiting).order_by("pk")
    newest = {
        (table, key, version, code): waiting[decision]
        for decision, table, key, version, code in lines.values_list(
            "decision_id", "source_table", "source_id", "version", "check_code"
        )
    }
    return Pending.of((*key, verdict) for key, verdict in newest.items())
