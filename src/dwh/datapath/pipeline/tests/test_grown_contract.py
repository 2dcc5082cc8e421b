"""What landed before the contract gained a column is still read: the column is empty there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest

from dwh.datapath.pipeline.tests import kit
from dwh.datapath.sources.contract import arrow_schema, load_contract
from dwh.datapath.sources.landing import Draft, write_batch
from dwh.datapath.warehouse.release import current_release

PEOPLE, GAINED = "tst_nguoi_tham_gia", "so_cmnd"


@pytest.fixture
def grown(tmp_path):
    """A nation whose two batches of people, one of them held in two versions, landed before the contract had GAINED."""
    settings = kit.settings_in(tmp_path)
    kit.land(settings, "ns_don_vi", kit.UNITS)
    contract = load_contract("collection").table(PEOPLE)
    assert GAINED in {column.name for column in contract.landed}
    older = replace(contract, columns=tuple(c for c in contract.columns if c.name != GAINED))
    schema = arrow_schema(older)
    for hour, name in enumerate(("Nguyễn Văn A", "Nguyễn Văn B")):
        read_at = kit.START + timedelta(hours=hour)
        usual = {
            "ma_cq_bhxh": "01001", "created_at": kit.moment(0, month="2025-05"), "is_deleted": False,
            "updated_at": read_at.replace(tzinfo=None), "ho_ten": name,
        }  # fmt: skip
        rows = [kit.person(1) | usual, kit.person(2, ma_so_bhxh="12") | usual]
        chunk = pa.RecordBatch.from_pylist([{n: r.get(n) for n in schema.names} for r in rows], schema)
        write_batch(
            Draft(settings, "collection", older, "rows", None, read_at), [chunk], cursor_to=lambda: None
        )
    return settings


def made_public(settings):
    report = kit.make(settings)
    kit.publish(report, settings=settings)
    people = kit.rows_of(current_release(settings), "core.dim_participant", "full_name")
    return report, [name for (name,) in people if name]


def test_a_batch_of_an_older_contract_is_read_without_the_new_column(grown):
    report, people = made_public(grown)

    assert (people, report.quarantined) == (["Nguyễn Văn B"], 1)
    raw = kit.rows_of(current_release(grown), "quarantine.versions", "raw")
    assert len(raw) == 2, "both versions of the held row"
    assert all(f'"{GAINED}":null' in text for (text,) in raw)


def test_a_row_read_again_with_the_new_column_takes_the_place_of_the_old_one(grown):
    made_public(grown)
    kit.land(grown, PEOPLE, [kit.person(1, ho_ten="Nguyễn Văn C", **{GAINED: "001080000"})])
    report, people = made_public(grown)

    assert (people, report.quarantined) == (["Nguyễn Văn C"], 1)
