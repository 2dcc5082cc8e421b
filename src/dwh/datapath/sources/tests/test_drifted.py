"""A source that is no longer what its contract says names itself, the place and the remedy; nothing bad lands."""

from __future__ import annotations

from pathlib import Path

import pytest

from dwh.datapath.sources.tests.drifted import DRIFTED, GOOD, Drifted
from dwh.datapath.sources.tests.miniature import landed_lines, sync
from dwh.kernel.errors import DwhError

WAYS_OUT = ("Liên hệ", "Kiểm tra", "Đề nghị", "chạy lại", "đồng bộ lại", "Sửa")


@pytest.mark.parametrize("drifted", DRIFTED, ids=str)
def test_a_drifted_source_names_source_place_and_remedy(sqlite_source, settings_for, drifted: Drifted):
    settings = settings_for(sqlite_source)
    sqlite_source.add_line(GOOD, 1)
    sync(sqlite_source, settings)
    drifted.change(sqlite_source, Path(sqlite_source.url.removeprefix("sqlite:///")))

    with pytest.raises(DwhError) as refused:
        sync(sqlite_source, settings)

    said = refused.value.message_vi
    print(f"{refused.value.code}  {drifted.name}: {said}")
    assert refused.value.code == drifted.code
    assert "nguồn «Phần mềm Thu" in said[:1].lower() + said[1:] or "«source.sqlite»" in said, said
    assert all(word.lower() in said.lower() for word in drifted.place), said
    assert any(word in said for word in WAYS_OUT), said
    assert said.endswith("."), said
    assert not any(stop in said for stop in ("..", "\n", "None", "Traceback")), said
    assert set(landed_lines(settings)) == {GOOD}


def test_no_two_kinds_of_drift_are_alike():
    assert len({drifted.name for drifted in DRIFTED}) == len(DRIFTED) >= 25
