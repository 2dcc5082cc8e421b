"""A release tells of the batches it was made from."""

from __future__ import annotations

from dwh.datapath.origin.tables import Area, tables_behind
from dwh.datapath.pipeline.tests import kit
from dwh.datapath.sources.landing import batches
from dwh.datapath.sources.told import TOLD, told_batches

LINES = "tst_dong_ca_nhan"


def test_a_release_tells_when_each_batch_was_read_and_how_many_rows_it_brought(tmp_path):
    settings = kit.settings_in(tmp_path)
    kit.small_nation(settings, lines=[kit.line(1), kit.line(2, person=2)])
    kit.land(settings, LINES, [kit.line(3, "2025-06")])
    release = kit.make_public(settings)

    [table] = tables_behind(release, "contributions", ["collected_vnd"], ["2025-05"], Area(None))

    landed = batches(settings, "collection", LINES)
    assert [(b.id, b.rows, b.read_at, b.kind) for b in table.batches] == [
        (b.batch_id, b.rows, b.finished_at, b.kind) for b in landed
    ]
    assert [batch.rows for batch in table.batches] == [2, 1]
    assert (table.nation.landed, table.area.staged + table.area.held) == (2, 2)


def test_of_many_batches_the_first_and_the_latest_are_told(tmp_path):
    settings = kit.settings_in(tmp_path)
    for key in range(1, TOLD + 6):
        kit.land(settings, LINES, [kit.line(key)])
    landed = batches(settings, "collection", LINES)

    [told] = told_batches([tuple(landed)]).values()

    assert len(told) == TOLD
    assert [one["id"] for one in told] == [landed[0].batch_id, *(b.batch_id for b in landed[1 - TOLD :])]
