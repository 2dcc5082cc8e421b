"""Gives finished records their place in the sealed order, one sealer at a time.

A record is finished when its transaction is: on PostgreSQL its `xid` is below the oldest running one, so a late
commit gets a later place and no writer ever waits. SQLite has one writer at a time; there the id is the order.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from dwh.kernel.audit.body import leaf_of, moment_text
from dwh.kernel.audit.checkpoint import Checkpoint, last_witnessed, tell_witness
from dwh.kernel.audit.keys import audit_keys
from dwh.kernel.audit.merkle import Frontier
from dwh.kernel.audit.models import AuditCheckpoint, AuditRecord

LOCK = 0x0D_3A_06_0B  # one number for pg_try_advisory_xact_lock
HORIZON = 100_000  # ids; a record held back longer is found by `everything`
BATCH = 10_000

_FINISHED_PG = """AND (r.xid < pg_snapshot_xmin(pg_current_snapshot())
                       OR r.xid >= pg_snapshot_xmax(pg_current_snapshot()))"""  # the latter: written before a restore
_WAITING = """
SELECT r.id, r.body, r.leaf, r.mac FROM audit_auditrecord r
 WHERE r.id > %s {finished} AND NOT EXISTS (SELECT 1 FROM audit_auditleaf l WHERE l.record_id = r.id)
 ORDER BY r.id LIMIT %s
"""


def seal(now: datetime, *, everything: bool = False) -> int:
    """Seal what is finished; return how many records. Another sealer at work means nothing to do here."""
    sealed = 0
    start = 0 if everything else _horizon()
    if _waiting(start, 1):
        while count := _seal_batch(start, now):
            sealed += count
    _tell_witness()
    return sealed


def _seal_batch(start: int, now: datetime) -> int:
    with transaction.atomic():
        if not _alone():
            return 0
        rows = [row for row in _waiting(start, BATCH) if is_ours(*row[1:])]
        if not rows:
            return 0
        last = AuditCheckpoint.objects.order_by("-size").first()
        tree = Frontier(last.size, bytes(last.frontier)) if last else Frontier()
        places = []
        for record_id, _, leaf, _ in rows:
            places.append((tree.size, record_id, bytes(leaf)))
            tree.append(bytes(leaf))
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO audit_auditleaf (seq, record_id, leaf) VALUES (%s, %s, %s)", places
            )
        point = Checkpoint(tree.size, tree.root(), moment_text(now)).signed_by(audit_keys())
        AuditCheckpoint.objects.create(
            size=point.size, root=point.root, frontier=tree.packed(), at=point.at, signature=point.signature
        )
        return len(rows)


def is_ours(body: str, leaf: bytes, mac: bytes) -> bool:
    """Tell whether the program itself wrote this record: a forged one is never sealed, `verify` names it."""
    text = body.encode()
    return bytes(mac) == audit_keys().mac(text) and bytes(leaf) == leaf_of(text)


def _horizon() -> int:
    return max(0, (AuditRecord.objects.aggregate(last=Max("id"))["last"] or 0) - HORIZON)


def _waiting(start: int, limit: int) -> list[tuple[int, str, bytes, bytes]]:
    finished = _FINISHED_PG if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING.format(finished=finished), [start, limit])
        rows: list[tuple[int, str, bytes, bytes]] = cursor.fetchall()
    return rows


def _alone() -> bool:
    """Hold the sealer's place until the transaction ends. SQLite's own write lock does it there."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _tell_witness() -> None:
    seen = last_witnessed()
    unseen = AuditCheckpoint.objects.filter(size__gt=seen).order_by("size")
    points = [Checkpoint(p.size, bytes(p.root), p.at, bytes(p.signature)) for p in unseen]
    if points:
        tell_witness(points)
