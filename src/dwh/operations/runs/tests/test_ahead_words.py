"""How much of a table is made again, in words: what is certain, what may be, what a lock keeps."""

from __future__ import annotations

import pytest

from dwh.datapath.staleness.outlook import Outlook
from dwh.datapath.staleness.tables import Reason, StaleTable, Why
from dwh.operations.runs.ahead import ahead

JUNE, JULY, AUGUST = "2025-06", "2025-07", "2025-08"


@pytest.mark.parametrize(
    ("certain", "perhaps", "kept", "words"),
    [
        ((JUNE, JULY), (), (), "2 tháng"),
        ((), (JUNE, JULY), (), "tối đa 2 tháng"),
        ((JUNE,), (JULY, AUGUST), (), "1 tháng, tối đa 3"),
        ((JUNE,), (), (JULY,), "1 tháng, giữ nguyên 1 tháng đã khóa"),
        (("all",), (), (), "cả bảng"),
        ((), ("all",), (), "cả bảng, nếu bảng nó đọc có số khác"),
        ((), (), (), "chưa có tháng nào"),
    ],
)
def test_months_are_said_as_certain_possible_or_kept(certain, perhaps, kept, words):
    table = StaleTable("core.fct_claim", (Reason(Why.FORMULA),), certain, perhaps, kept)
    [line] = ahead(Outlook("2025-09-01.1", (table,), (), knows_formulas=True)).lines
    assert line.months == words


def test_of_many_tables_two_are_named_and_the_rest_counted():
    reason = Reason(Why.READS, ("staging.stg_claim", "staging.stg_facility", "staging.stg_participant"))
    table = StaleTable("core.fct_claim", (reason,), (), (JUNE,))
    [line] = ahead(Outlook("2025-09-01.1", (table,), (), knows_formulas=True)).lines
    assert line.why.startswith("đọc bảng đã đổi công thức: ")
    assert line.why.endswith(" và 1 bảng khác")
