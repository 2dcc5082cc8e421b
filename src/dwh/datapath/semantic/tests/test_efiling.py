"""The subject of dossiers: a rate of sums, a stock that is no sum, and a count that finds nothing is 0."""

from __future__ import annotations

from decimal import Decimal

from dwh.datapath.semantic.tests.asking import ask_of, cells, document

HN, DN = "00.01.501", "00.48-2025.501"
OPEN = "INSERT INTO core.fct_edossier_open (dossier_key, month, org_code, timeliness) VALUES "
MOVES = "INSERT INTO core.fct_edossier (month, org_code, form_code, received, on_time, late, kept_promise) VALUES "
STOCK = OPEN + ", ".join([
    f"(1, '2025-07', '{HN}', 'within')", f"(2, '2025-07', '{HN}', 'within')", f"(1, '2025-08', '{HN}', 'overdue')",
    f"(3, '2025-08', '{DN}', 'within')", f"(4, '2025-08', '{DN}', 'unknown')",
])  # fmt: skip


def asked(*statements, **parts):
    return cells(ask_of(document("efiling", **parts), *statements))


def test_the_stock_of_a_quarter_is_that_of_its_last_month():
    answer = asked(STOCK, rows=["month.quarter"], values=["dossiers_open_end"])

    assert answer == {("2025-Q3",): 3, (None,): 3}


def test_a_province_without_an_overdue_dossier_has_none_and_not_nothing():
    answer = asked(STOCK, rows=["org.province"], values=["dossiers_overdue_end", "overdue_rate"])

    assert answer["00.01",] == (1, Decimal("100.00"))
    assert answer["00.48-2025",] == (0, Decimal("0.00"))
    assert answer[None,] == (1, Decimal("33.33"))


def test_the_on_time_rate_is_a_ratio_of_sums():
    rows = f"('2025-07', '{HN}', 'online', 20, 18, 0, 9), ('2025-07', '{DN}', 'paper', 80, 1, 1, 1)"
    answer = asked(
        MOVES + rows, rows=["org.province"], values=["on_time_rate", "source_on_time_rate", "online_rate"]
    )

    assert answer["00.01",] == (Decimal("100.00"), Decimal("50.00"), Decimal("100.00"))
    assert answer[None,] == (Decimal("95.00"), Decimal("50.00"), Decimal("20.00"))
