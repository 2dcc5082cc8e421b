"""Reads the whole log and names what was changed, removed, reordered or added, and where the evidence is cut.

Four things must agree: each record with its own proof (`leaf`, `mac`, body), the places without a gap, the signed
checkpoints with the tree of the places, and the witness outside the database with the checkpoints.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Max

from dwh.kernel.audit.body import REPEATED, head_of, leaf_of
from dwh.kernel.audit.checkpoint import Checkpoint, read_witness
from dwh.kernel.audit.keys import AuditKeys, audit_keys, key_path
from dwh.kernel.audit.merkle import Frontier
from dwh.kernel.audit.models import AuditCheckpoint, AuditLeaf, AuditRecord

CHUNK = 20_000
MOST_PROBLEMS = 1_000

_AT = {
    "sqlite": "substr(r.at || '.000000', 1, 26)",
    "postgresql": "to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
}
_repeated_sql = ", ".join(f"r.{name}" for name in REPEATED if name != "at")


@dataclass(slots=True)
class Verdict:
    """What the log looks like; `problems` are complete Vietnamese sentences, none when it is whole."""

    problems: list[str] = field(default_factory=list)
    records: int = 0
    checkpoints: int = 0
    pending: int = 0  # genuine, not yet sealed

    @property
    def ok(self) -> bool:
        return not self.problems

    def found(self, problem: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


def verify() -> Verdict:
    """Return the verdict over every record, place, checkpoint and witness line."""
    with _any_text():
        return _verdict()


def _verdict() -> Verdict:
    verdict = Verdict(records=AuditRecord.objects.count())
    if not key_path().exists():
        if verdict.records:
            verdict.found(f"Không thấy khóa của nhật ký ({key_path().name}); không thể kiểm tra chữ ký.")
        return verdict
    keys = audit_keys()
    points, witnessed = _checkpoints(verdict, keys), _witnessed(verdict, keys)
    if not (verdict.records or points or witnessed):
        verdict.found("Nhật ký có khóa nhưng trống, cả tệp làm chứng cũng trống: toàn bộ đã bị xóa.")
    trees = _read_places(verdict, keys, {*points, *witnessed})
    _compare(verdict, trees, points, witnessed)
    _read_waiting(verdict, keys)
    _find_copies(verdict)
    return verdict


def _checkpoints(verdict: Verdict, keys: AuditKeys) -> dict[int, AuditCheckpoint]:
    points = {row.size: row for row in AuditCheckpoint.objects.order_by("size")}
    for size, row in points.items():
        if not Checkpoint(size, _raw(row.root), row.at, _raw(row.signature)).is_genuine(keys):
            verdict.found(f"Điểm niêm phong {size} đã bị sửa: chữ ký không đúng.")
    verdict.checkpoints = len(points)
    return points


def _witnessed(verdict: Verdict, keys: AuditKeys) -> dict[int, Checkpoint]:
    seen: dict[int, Checkpoint] = {}
    for number, point in enumerate(read_witness(), start=1):
        if isinstance(point, str) or not point.is_genuine(keys):
            verdict.found(f"Dòng {number} của tệp làm chứng đã bị sửa.")
        elif seen and point.size <= max(seen):
            verdict.found(f"Dòng {number} của tệp làm chứng không đúng thứ tự.")
        else:
            seen[point.size] = point
    return seen


def _read_places(verdict: Verdict, keys: AuditKeys, sizes: set[int]) -> dict[int, tuple[bytes, bytes]]:
    """Check every sealed record; return the tree's root and peaks at each of `sizes` it reaches."""
    tree, trees = Frontier(), {}
    for seq, record_id, sealed, *row in _places():
        if seq != tree.size:
            verdict.found(f"Thứ tự niêm phong bị đứt: thiếu vị trí {tree.size} đến {seq - 1}.")
            break  # every later root would differ too
        if row[0] is None:
            verdict.found(f"Bản ghi số {record_id} đã bị xóa (vị trí niêm phong {seq}).")
        elif (problem := _fault_of(row, keys)) or bytes(row[-2]) != _raw(sealed):
            verdict.found(f"Bản ghi số {record_id} {problem or 'khác với dấu đã niêm phong'} (vị trí {seq}).")
        tree.append(_raw(sealed))
        if tree.size in sizes:
            trees[tree.size] = tree.root(), tree.packed()
    return trees


def _fault_of(row: Sequence[Any], keys: AuditKeys) -> str:
    """Return what is wrong with a record read as (id, at, other columns, body, leaf, mac); empty when nothing."""
    body, leaf, mac = row[-3:]
    if not all(isinstance(one, str) for one in row[1:-2]) or isinstance(leaf, str) or isinstance(mac, str):
        return "có ô sai kiểu: đã bị sửa ngoài chương trình"
    text = body.encode()
    if keys.mac(text) != bytes(mac):
        return "đã bị sửa nội dung, hoặc không do chương trình ghi"
    if leaf_of(text) != bytes(leaf):
        return "đã bị sửa dấu niêm phong"
    if not body.startswith(head_of(row[1:-3])):
        return "đã bị sửa ở cột tra cứu"
    return ""


def _compare(
    verdict: Verdict,
    trees: dict[int, tuple[bytes, bytes]],
    points: dict[int, AuditCheckpoint],
    witnessed: dict[int, Checkpoint],
) -> None:
    before = 0
    for size in sorted({*points, *witnessed}):
        name = f"Điểm niêm phong {size}"
        if size not in points:
            verdict.found(f"{name} có trong tệp làm chứng nhưng đã bị xóa khỏi nhật ký.")
        elif size not in witnessed:
            verdict.found(
                f"{name} không có trong tệp làm chứng: tệp đã bị cắt, hoặc chưa ghi kịp; hãy niêm phong lại."
            )
        if size not in trees:
            verdict.found(f"{name}: đuôi nhật ký đã bị cắt, không còn đủ {size} vị trí.")
        elif not _agree(trees[size], points.get(size), witnessed.get(size)):
            verdict.found(
                f"{name} không khớp: vị trí {before} đến {size - 1} đã bị sửa, đổi chỗ, chèn hoặc niêm phong lại."
            )
            return  # what comes after it tells nothing new
        before = size
    if (places := AuditLeaf.objects.count()) > before:
        verdict.found(f"Các vị trí {before} đến {places - 1} không có điểm niêm phong: đã được chèn thêm.")


def _agree(tree: tuple[bytes, bytes], point: AuditCheckpoint | None, seen: Checkpoint | None) -> bool:
    root, peaks = tree
    stored = point is None or (_raw(point.root) == root and _raw(point.frontier) == peaks)
    return stored and (seen is None or seen.root == root)


def _raw(value: Any) -> bytes:
    """Return the bytes of a column; SQLite lets a forger store any type in it, which then equals nothing genuine."""
    return value.encode("utf-8", "replace") if isinstance(value, str) else bytes(value)


@contextmanager
def _any_text() -> Iterator[None]:
    """Read text that is not UTF-8 too, so that a forged row is named and does not end the check (SQLite)."""
    connection.ensure_connection()
    if connection.vendor != "sqlite":
        yield
        return
    driver: Any = connection.connection
    before, driver.text_factory = driver.text_factory, lambda raw: raw.decode("utf-8", "replace")
    try:
        yield
    finally:
        driver.text_factory = before


def _read_waiting(verdict: Verdict, keys: AuditKeys) -> None:
    """Check the records that have no place yet, and on SQLite that none of them is missing."""
    last_id = 0
    sealed_to = AuditLeaf.objects.aggregate(last=Max("record_id"))["last"] or 0
    expected = sealed_to + 1
    while rows := _waiting(last_id):
        for row in rows:
            if problem := _fault_of(row, keys):
                verdict.found(f"Bản ghi số {row[0]} {problem} (chưa niêm phong).")
            else:
                verdict.pending += 1
            if row[0] > expected and connection.vendor == "sqlite":
                verdict.found(f"Các bản ghi số {expected} đến {row[0] - 1} đã bị xóa (chưa niêm phong).")
            expected = max(expected, row[0] + 1)
        last_id = rows[-1][0]
    if connection.vendor == "sqlite" and (given := _last_given_id()) >= expected:
        verdict.found(f"Các bản ghi số {expected} đến {given} đã bị xóa ở cuối nhật ký.")


def _find_copies(verdict: Verdict) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(id), max(id) FROM audit_auditrecord GROUP BY leaf HAVING count(*) > 1 ORDER BY 1 LIMIT 100"
        )
        for first, last in cursor.fetchall():
            verdict.found(f"Bản ghi số {last} là bản sao chèn thêm của bản ghi số {first}.")


def _columns() -> str:
    return f"r.id, {_AT[connection.vendor]}, {_repeated_sql}, r.body, r.leaf, r.mac"


def _places() -> Iterator[tuple[Any, ...]]:
    """Yield every place in order with its record, in chunks that keep memory flat."""
    sql = f"""SELECT l.seq, l.record_id, l.leaf, {_columns()} FROM audit_auditleaf l
              LEFT JOIN audit_auditrecord r ON r.id = l.record_id
              WHERE l.seq > %s ORDER BY l.seq LIMIT {CHUNK}"""  # noqa: S608 - our own column names
    last = -(2**62)
    while rows := _fetch(sql, [last]):
        yield from rows
        last = rows[-1][0]


def _waiting(after: int) -> list[tuple[Any, ...]]:
    sql = f"""SELECT {_columns()} FROM audit_auditrecord r
              WHERE r.id > %s AND NOT EXISTS (SELECT 1 FROM audit_auditleaf l WHERE l.record_id = r.id)
              ORDER BY r.id LIMIT {CHUNK}"""  # noqa: S608 - our own column names
    return _fetch(sql, [after])


def _fetch(sql: str, params: list[int | str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _last_given_id() -> int:
    rows = _fetch("SELECT seq FROM sqlite_sequence WHERE name = %s", ["audit_auditrecord"])
    return int(rows[0][0]) if rows else 0
