"""An attacker with full rights on the database, against the log.

Every attack begins from the same sealed log, takes the fence away first, and is undone afterwards.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from django.utils import timezone

from dwh.kernel.actor import Actor
from dwh.kernel.audit.body import REPEATED, leaf_of
from dwh.kernel.audit.checkpoint import witness_path
from dwh.kernel.audit.fence import lower_fence
from dwh.kernel.audit.merkle import Frontier
from dwh.kernel.audit.models import AuditCheckpoint, AuditLeaf, AuditRecord
from dwh.kernel.audit.services import record, seal, verify

SEALED, WAITING, EACH = 60, 4, 18
RECORD, PLACE, POINT = "audit_auditrecord", "audit_auditleaf", "audit_auditcheckpoint"
Attack = Callable[[random.Random, list[int]], None]

# on PostgreSQL a record is sealed only after its transaction, so there the tests really commit
pytestmark = pytest.mark.django_db(transaction=connection.vendor == "postgresql")


def run(sql: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def log():
    """A log of SEALED records under several checkpoints and WAITING ones without; the ids, oldest first."""
    for number in range(SEALED + WAITING):
        person = Actor(
            f"p{number % 5}@vss.gov.vn", f"Người {number}", "00.01", number, "web", "10.0.0.1", f"r{number}"
        )
        record(
            "data.changed", by=person, about=f"thing:{number}", purpose="p", before=number, after=number + 1
        )
        if (number < SEALED and number % 7 == 6) or number == SEALED - 1:
            seal(timezone.now())
    assert verify().problems == []
    return list(AuditRecord.objects.order_by("id").values_list("id", flat=True))


def change_a_column(dice, ids):
    column = dice.choice([*(c for c in REPEATED if c != "at"), "body"])
    run(f"UPDATE {RECORD} SET {column} = {column} || 'x' WHERE id = %s", dice.choice(ids))


def change_the_time(dice, ids):
    run(f"UPDATE {RECORD} SET at = %s WHERE id = %s", timezone.now(), dice.choice(ids))


def change_one_byte_of_a_body(dice, ids):
    row = AuditRecord.objects.get(pk=dice.choice(ids))
    place = dice.randrange(len(row.body))
    other = chr((ord(row.body[place]) - 31) % 95 + 32)
    run(
        f"UPDATE {RECORD} SET body = %s WHERE id = %s",
        row.body[:place] + other + row.body[place + 1 :],
        row.pk,
    )


def change_body_and_leaf_together(dice, ids):
    row = AuditRecord.objects.get(pk=dice.choice(ids))
    body = row.body.replace('"purpose":"p"', '"purpose":"q"')
    run(
        f"UPDATE {RECORD} SET body = %s, leaf = %s, purpose = 'q' WHERE id = %s",
        body,
        leaf_of(body.encode()),
        row.pk,
    )
    run(f"UPDATE {PLACE} SET leaf = %s WHERE record_id = %s", leaf_of(body.encode()), row.pk)


def change_a_leaf_or_proof(dice, ids):
    column = dice.choice(["leaf", "mac"])
    run(f"UPDATE {RECORD} SET {column} = %s WHERE id = %s", dice.randbytes(32), dice.choice(ids))


def remove_a_record(dice, ids):
    run(f"DELETE FROM {RECORD} WHERE id = %s", dice.choice(ids[:SEALED]))


def remove_a_record_with_its_place(dice, ids):
    victim = dice.choice(ids[:SEALED])
    run(f"DELETE FROM {RECORD} WHERE id = %s", victim)
    run(f"DELETE FROM {PLACE} WHERE record_id = %s", victim)


def close_the_gap_after_removing(dice, ids):
    victim = AuditLeaf.objects.get(record_id=dice.choice(ids[: SEALED - 1]))
    run(f"DELETE FROM {RECORD} WHERE id = %s", victim.record_id)
    run(f"DELETE FROM {PLACE} WHERE seq = %s", victim.seq)
    for seq in range(victim.seq + 1, SEALED):
        run(f"UPDATE {PLACE} SET seq = %s WHERE seq = %s", seq - 1, seq)


def exchange_two_places(dice, ids):
    one, other = dice.sample(range(SEALED), 2)
    for old, new in ((one, -1), (other, one), (-1, other)):
        run(f"UPDATE {PLACE} SET seq = %s WHERE seq = %s", new, old)


def exchange_two_bodies(dice, ids):
    one, other = (AuditRecord.objects.get(pk=pk) for pk in dice.sample(ids, 2))
    run(f"UPDATE {RECORD} SET body = %s WHERE id = %s", other.body, one.pk)
    run(f"UPDATE {RECORD} SET body = %s WHERE id = %s", one.body, other.pk)


def add_a_forged_record(dice, ids):
    row = AuditRecord.objects.get(pk=dice.choice(ids))
    row.pk, row.body = None, row.body.replace("thing:", "forged:")
    row.leaf, row.mac = leaf_of(row.body.encode()), dice.randbytes(32)
    row.save(force_insert=True)
    seal(timezone.now())


def add_a_forged_place(dice, ids):
    forged = ids[SEALED + dice.randrange(WAITING)]
    leaf = bytes(AuditRecord.objects.get(pk=forged).leaf)
    run(f"INSERT INTO {PLACE} (seq, record_id, leaf) VALUES (%s, %s, %s)", SEALED, forged, leaf)


def change_a_checkpoint(dice, ids):
    size = dice.choice(list(AuditCheckpoint.objects.values_list("size", flat=True)))
    column = dice.choice(["root", "frontier", "signature"])
    run(f"UPDATE {POINT} SET {column} = %s WHERE size = %s", dice.randbytes(64), size)


def date_a_checkpoint_back(dice, ids):
    run(f"UPDATE {POINT} SET at = '2020-01-01 00:00:00.000000' WHERE size = %s", SEALED)


def remove_a_checkpoint(dice, ids):
    size = dice.choice(list(AuditCheckpoint.objects.values_list("size", flat=True)))
    run(f"DELETE FROM {POINT} WHERE size = %s", size)


def cut_the_tail(dice, ids):
    size = dice.choice(list(AuditCheckpoint.objects.values_list("size", flat=True))[:-1])
    run(f"DELETE FROM {POINT} WHERE size > %s", size)
    run(f"DELETE FROM {PLACE} WHERE seq >= %s", size)
    run(f"DELETE FROM {RECORD} WHERE id NOT IN (SELECT record_id FROM {PLACE})")


def seal_again_with_a_key_of_ones_own(dice, ids):
    change_body_and_leaf_together(dice, ids[:SEALED])
    tree, key = Frontier(), Ed25519PrivateKey.generate()
    for leaf in AuditLeaf.objects.order_by("seq").values_list("leaf", flat=True):
        tree.append(bytes(leaf))
    forged = (tree.root(), tree.packed(), key.sign(tree.root()), SEALED)
    run(f"UPDATE {POINT} SET root = %s, frontier = %s, signature = %s WHERE size = %s", *forged)


def change_the_witness(dice, ids):
    lines = witness_path().read_text().splitlines(keepends=True)
    victim = dice.randrange(len(lines))
    lines[victim] = dice.choice(["", lines[victim].replace(" ", " 0", 1), lines[victim] * 2])
    witness_path().write_text("".join(lines))


ATTACKS: list[Attack] = [
    change_a_column, change_the_time, change_one_byte_of_a_body, change_body_and_leaf_together,
    change_a_leaf_or_proof, remove_a_record, remove_a_record_with_its_place, close_the_gap_after_removing,
    exchange_two_places, exchange_two_bodies, add_a_forged_record, add_a_forged_place, change_a_checkpoint,
    date_a_checkpoint_back, remove_a_checkpoint, cut_the_tail, seal_again_with_a_key_of_ones_own, change_the_witness,
]  # fmt: skip


@pytest.mark.req("I-01")
@pytest.mark.law("QĐ-2366 4.2.4")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_every_tampering_is_found(log, attack):
    witness = witness_path().read_text()
    for seed in range(EACH):
        with transaction.atomic():
            lower_fence(connection)
            attack(random.Random(f"{attack.__name__}{seed}"), log)
            problems = verify().problems
            assert problems, f"{attack.__name__} with seed {seed} went unseen"
            assert all(problem[0].isupper() and problem.endswith(".") for problem in problems)
            transaction.set_rollback(True)
        witness_path().write_text(witness)
    assert verify().problems == []


def test_at_least_two_hundred_tamperings_are_tried():
    assert len(ATTACKS) * EACH >= 200


def test_the_changed_record_is_named(log):
    lower_fence(connection)
    run(f"UPDATE {RECORD} SET actor_name = 'Người khác' WHERE id = %s", log[10])
    assert verify().problems == [f"Bản ghi số {log[10]} đã bị sửa ở cột tra cứu (vị trí 10)."]


def test_a_record_removed_before_it_was_sealed_is_missed(log):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite numbers records without gaps")
    lower_fence(connection)
    run(f"DELETE FROM {RECORD} WHERE id IN (%s, %s)", log[-3], log[-1])
    assert [p for p in verify().problems if "đã bị xóa" in p] == [
        f"Các bản ghi số {log[-3]} đến {log[-3]} đã bị xóa (chưa niêm phong).",
        f"Các bản ghi số {log[-1]} đến {log[-1]} đã bị xóa ở cuối nhật ký.",
    ]


@pytest.mark.parametrize("forged", ["X'FF00'", "CAST(X'FF41' AS TEXT)", "7"])
@pytest.mark.parametrize("column", ["body", "leaf", "mac", "actor_name"])
def test_a_value_of_another_type_or_not_utf8_is_named_and_does_not_end_the_check(log, column, forged):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL lets no other type into a column")
    lower_fence(connection)
    run(f"UPDATE {RECORD} SET {column} = {forged} WHERE id = {log[10]}")
    assert [p for p in verify().problems if f"Bản ghi số {log[10]} " in p]


@pytest.mark.parametrize("column", ["root", "frontier", "signature"])
def test_a_checkpoint_of_another_type_is_named(log, column):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL lets no other type into a column")
    lower_fence(connection)
    run(f"UPDATE {POINT} SET {column} = 'x' WHERE size = {SEALED}")
    assert [p for p in verify().problems if f"Điểm niêm phong {SEALED} " in p]


def test_a_witness_that_is_no_text_is_named(log):
    witness_path().write_bytes(b"\xff\xfe" + witness_path().read_bytes())
    assert "Dòng 1 của tệp làm chứng đã bị sửa." in verify().problems


def test_a_log_wiped_out_with_its_witness_is_missed(log):
    lower_fence(connection)
    for table in (RECORD, PLACE, POINT):
        run(f"DELETE FROM {table}")
    if connection.vendor == "sqlite":
        run("DELETE FROM sqlite_sequence")
    witness_path().unlink()
    assert verify().problems == [
        "Nhật ký có khóa nhưng trống, cả tệp làm chứng cũng trống: toàn bộ đã bị xóa."
    ]


def test_a_copied_record_is_found(log):
    """The attacker even rebuilds the table without its unique leaf."""
    lower_fence(connection)
    run(f"CREATE TABLE copied AS SELECT * FROM {RECORD}")
    run(
        f"INSERT INTO copied SELECT {log[-1] + 1}, "
        + ", ".join(_columns()[1:])
        + f" FROM copied WHERE id = {log[3]}"
    )
    run(f"DROP TABLE {RECORD}")
    run(f"ALTER TABLE copied RENAME TO {RECORD}")
    assert f"Bản ghi số {log[-1] + 1} là bản sao chèn thêm của bản ghi số {log[3]}." in verify().problems


def _columns() -> list[str]:
    with connection.cursor() as cursor:
        return [c.name for c in connection.introspection.get_table_description(cursor, RECORD)]


def test_the_key_is_for_its_owner_only_and_not_in_the_database(settings):
    record("x", by=Actor("a@vss.gov.vn", "A", "00"))
    key = settings.HOME / "keys" / "audit.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_text().strip() not in "".join(AuditRecord.objects.values_list("body", flat=True))


def test_the_tree_is_that_of_rfc_6962():
    def root(leaves):  # the recursive definition of RFC 6962 §2.1, word for word
        if len(leaves) <= 1:
            return leaves[0] if leaves else hashlib.sha256(b"").digest()
        k = 1 << (len(leaves) - 1).bit_length() - 1
        return hashlib.sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()

    tree, leaves = Frontier(), []
    for number in range(130):
        assert tree.root() == root(leaves)
        assert Frontier(tree.size, tree.packed()).root() == tree.root()
        leaves.append(leaf_of(str(number).encode()))
        tree.append(leaves[-1])
