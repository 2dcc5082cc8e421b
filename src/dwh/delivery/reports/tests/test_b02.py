"""B02: the numbers of an independent recount, the real layouts, regions weighted."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.utils.timezone import now

from dwh.delivery.reports.definition import definition_named
from dwh.delivery.reports.parameters import Parameters
from dwh.delivery.reports.services import run_b02
from dwh.kernel.documents.table import Table
from tests.personas import TODAY
from tests.warehouse_fixture import CLAIMS

pytestmark = pytest.mark.usefixtures("release")
B02 = definition_named("b02")
LETTERS = [column.letter for column in B02.figures]


def table_for(account, **wanted) -> Table:
    given = {"unit": "00", "unit_name": "Toàn quốc", "year": 2025, "first": 5, "last": 8} | wanted
    actor = account.as_actor()
    return run_b02(
        Parameters(**given), by=account, as_actor=actor, now=now(), today=TODAY, form="man-hinh"
    ).table


def lines(table: Table) -> dict[str, dict[str, Decimal | int | None]]:
    """Read the table by code of the row and letter of the 2024 layout."""
    start = next(at for at, cell in enumerate(table.rows[0].cells) if cell.is_number)
    stop = start + len(LETTERS)
    return {
        row.cells[0].text: dict(zip(LETTERS, (cell.value for cell in row.cells[start:stop]), strict=True))
        for row in table.rows
    }


def recount(claims: list[tuple], whole: Decimal) -> dict[str, Decimal | int | None]:
    """Compute a line of B02 by hand from claims: the formulas verified on the sector's own files."""
    out, inn = [c for c in claims if c[6] == "outpatient"], [c for c in claims if c[6] == "inpatient"]

    def total(rows: list[tuple], column: int) -> Decimal:
        return sum((Decimal(row[column]) for row in rows), Decimal(0))

    def ratio(above: Decimal, below: Decimal | int, places: int) -> Decimal | None:
        return None if not below else (above / below).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

    money = {
        "L": total(claims, 13), "N": total(out, 13), "P": total(inn, 13),
        "R": total(claims, 14), "S": total(inn, 14), "T": total(out, 14),
    }  # fmt: skip
    return {
        "D": len(claims), "E": len(out), "F": len(inn),
        "G": ratio(Decimal(100 * len(inn)), len(claims), 2),
        "H": ratio(total(inn, 12), len(inn), 2),
        "I": ratio(money["L"], len(claims), 0), "J": ratio(money["N"], len(out), 0),
        "K": ratio(money["P"], len(inn), 0),
        "M": ratio(100 * money["L"], whole, 2),
        "O": ratio(100 * total(out, 17), money["N"], 2), "Q": ratio(100 * total(inn, 18), money["P"], 2),
        **{letter: ratio(amount, 1, 0) for letter, amount in money.items()},
    }  # fmt: skip


def of(prefix: str, first: str = "2025-05", last: str = "2025-08") -> list[tuple]:
    return [c for c in CLAIMS if first <= c[1] <= last and c[2].startswith(prefix)]


@pytest.mark.req("E-03")
@pytest.mark.law("QC-DWH 3.2a")
def test_the_national_report_equals_a_recount_from_the_claims(dung):
    found = lines(table_for(dung))
    whole = sum(c[13] for c in CLAIMS)
    danang = [c for c in CLAIMS if not c[2].startswith("00.01")]
    assert found["00"] == recount(CLAIMS, whole)
    assert found["01"] == recount(of("00.01"), whole)
    assert found["48"] == recount(danang, whole)
    assert found["V02"] == found["01"]
    assert list(found) == ["00", "01", "48", "V02", "V03"]


@pytest.mark.req("E-03")
def test_the_report_of_a_province_has_a_line_per_facility_and_its_total_first(lan):
    found = lines(table_for(lan, unit="00.01", unit_name="Hà Nội"))
    mine = of("00.01")
    whole = sum(c[13] for c in mine)
    assert list(found) == ["01", "01001", "01817"]
    assert found["01"] == recount(mine, whole)
    assert found["01001"] == recount([c for c in mine if c[3] == 100], whole)


def test_regions_are_weighted_never_averages_of_averages(dung):
    found = lines(table_for(dung, first=5, last=6))
    before = [c for c in CLAIMS if c[1] <= "2025-06" and not c[2].startswith("00.01")]
    assert found["V03"] == recount(before, sum(c[13] for c in CLAIMS if c[1] <= "2025-06"))
    assert found["V03"]["I"] != (found["48"]["I"] + found["49"]["I"]) / 2


def test_a_period_before_the_reform_shows_the_provinces_of_its_days(dung):
    before, after = table_for(dung, last=6), table_for(dung)
    assert list(lines(before)) == ["00", "01", "48", "49", "V02", "V03"]
    assert any("63 tỉnh" in note for note in before.footnotes)
    assert any("34 tỉnh" in note for note in after.footnotes)


def test_the_layout_follows_the_last_month_of_the_period():
    assert len(B02.layout_on("2025-02").keys) - 1 + len(B02.figures) == 20
    assert len(B02.layout_on("2025-03").keys) - 1 + len(B02.figures) == 21
    assert B02.layout_on("2024-12").keys == ("code", "name", "region", "figures")
    assert B02.layout_on("2026-01").keys == ("code", "name", "area", "figures", "region")


def test_the_area_is_printed_only_while_areas_existed(dung):
    before, after = table_for(dung, last=6), table_for(dung)
    areas = {row.cells[0].text: row.cells[2].text for row in before.rows}
    assert (areas["01"], areas["48"], areas["49"]) == ("1", "22", "22")
    assert {row.cells[2].text for row in after.rows} == {"–"}
    assert {row.cells[0].text: row.cells[-1].text for row in before.rows}["48"] == "V03"


def test_the_head_has_two_storeys_and_every_column_its_unit(dung):
    table = table_for(dung)
    assert table.width == 21
    assert sum(head.span for head in table.heads[0]) == 21
    named = {head.text: head.unit for heads in table.heads for head in heads if head.unit}
    assert {named["Tổng chi"], named["Số tiền"], named["Nội trú"], named["Chung"]} == {"đồng"}
    assert named["Tỷ lệ so cả nước"] == "%"


def test_parameters_are_printed_as_the_sector_writes_them(dung):
    printed = dict(table_for(dung).parameters)
    assert printed == {
        "ma_tinh": "00", "ma_loai_kcb": "0", "tu_thang": "5", "den_thang": "8", "nam": "2025",
        "loai_bv": "-1", "kieubv": "-1", "loaick": "-1", "hang_bv": "-1", "tuyen": "-1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "keep"),
    [
        ({"visit_type": "03"}, lambda c: c[5] == "03"),
        ({"hospital_class": "0"}, lambda c: c[3] == 100),
        ({"level": "2"}, lambda c: c[3] in (200, 300)),
    ],
)
def test_a_parameter_narrows_the_report(dung, wanted, keep):
    assert lines(table_for(dung, **wanted))["00"]["D"] == sum(1 for c in CLAIMS if keep(c))
