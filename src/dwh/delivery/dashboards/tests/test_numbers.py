"""Changes, scales and words of figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dwh.datapath.semantic.answer import Column
from dwh.delivery.dashboards.numbers import Change, Figure, change, scale_of

MONEY = Column("collected_vnd", "Đã thu", "measure", "đồng")
RATE = Column("collection_rate", "Tỷ lệ", "measure", "%", 2)
HEADS = Column("participants_end", "Người", "measure", "người")


@pytest.mark.parametrize(
    ("now", "before", "column", "better", "shown"),
    [
        (1094, 1000, MONEY, "up", Change("9,4\u00a0%", "up", "pos")),
        (906, 1000, MONEY, "up", Change("9,4\u00a0%", "down", "neg")),
        (1094, 1000, MONEY, "down", Change("9,4\u00a0%", "up", "neg")),
        (1094, 1000, MONEY, "none", Change("9,4\u00a0%", "up", "")),
        (Decimal("96.80"), Decimal("96.40"), RATE, "up", Change("0,40\u00a0điểm", "up", "pos")),
        (1000, 1000, MONEY, "up", Change("0,0\u00a0%", "same", "")),
        (5, 0, MONEY, "up", None),
        (None, 3, MONEY, "up", None),
        (3, None, MONEY, "up", None),
    ],
)
def test_a_change_is_in_per_cent_and_of_a_rate_in_points(now, before, column, better, shown):
    assert change(Figure(now, column), Figure(before, column), better) == shown


def test_without_a_year_before_there_is_no_change():
    assert change(Figure(1, MONEY), None, "up") is None


@pytest.mark.parametrize(
    ("figure", "text", "exact"),
    [
        (Figure(398_460_123_456_789, MONEY), "398.460\u00a0tỷ đồng", "398.460.123.456.789"),
        (Figure(Decimal("96.84"), RATE), "96,84\u00a0%", "96,84"),
        (Figure(20_840_000, HEADS), "20,84\u00a0triệu người", "20.840.000"),
        (Figure(None, RATE), "–", "–"),
    ],
)
def test_a_board_writes_short_and_a_table_whole(figure, text, exact):
    assert (figure.text, figure.exact) == (text, exact)


@pytest.mark.parametrize(
    ("largest", "unit", "text"),
    [
        (47_512_000_000_000, "nghìn tỷ đồng", "47,5"),
        (47_512_000_000, "tỷ đồng", "47,5"),
        (2_512_000_000_000, "tỷ đồng", "2.512"),
        (5_512_000, "nghìn đồng", "5.512"),
        (55_120_000, "triệu đồng", "55,1"),
    ],
)
def test_a_chart_is_in_the_unit_its_largest_figure_reads_best_in(largest, unit, text):
    scale = scale_of(largest, "đồng")
    assert (scale.unit, scale.text(largest)) == (unit, text)
