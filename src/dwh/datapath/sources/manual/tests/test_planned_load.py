"""A planned load lands once, for what was approved; a corrected file replaces; what changed is said before."""

from __future__ import annotations

from decimal import Decimal

import pytest

from demo.sources.monitoring_exports import write_xlsx
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources import landing
from dwh.datapath.sources.files.journal import Journal
from dwh.datapath.sources.files.problem import FileRefused
from dwh.datapath.sources.landing import batches, verify_batch
from dwh.datapath.sources.manual import planned_load
from dwh.datapath.sources.manual.tests.exports import NOW, PLAN, live, load, load_table, preview, table
from dwh.kernel.errors import Conflict


@pytest.fixture
def area(tmp_path):
    return DataPathSettings(home=tmp_path / "home")


def test_rows_land_with_their_plan_and_exact_dong(tmp_path, area):
    made = table("b02", "2024-11")
    report = load_table(tmp_path, area, made)
    rows = live(area, "gs_b02")
    assert (report.landed, report.held, len(rows)) == (64, 0, 64)
    hanoi = rows["2024-11", "01"]
    assert hanoi["tong_chi"] == Decimal(made.cell("01", "Chi KCB (tỷ đ)", "Tổng chi"))
    assert (hanoi["ma_ke_hoach"], hanoi["he_ma"], hanoi["cap"]) == (PLAN, "63", "province")
    [batch] = batches(area, "manual", "gs_b02")
    verify_batch(batch)
    assert batch.vnd["tong_chi"] == 2 * sum(
        Decimal(row[made.place("Chi KCB (tỷ đ)", "Tổng chi")]) for row in made.rows[1:]
    )


@pytest.mark.parametrize("report", ["b01", "b02", "b04", "b21", "b26"])
def test_every_report_lands_in_2024_and_2025(tmp_path, area, report):
    for month in ("2024-11", "2025-05", "2025-10"):
        assert load_table(tmp_path, area, table(report, month), f"{month}.xlsx").held == 0
    assert {period for period, _ in live(area, f"gs_{report}")} == {"2024-11", "2025-05", "2025-10"}


def test_the_journal_keeps_plan_hash_and_who(tmp_path, area):
    load_table(tmp_path, area, table())
    [entry] = Journal(area, "manual").entries()
    assert (entry.facts["plan"], entry.facts["prepared_by"], entry.facts["approved_by"]) == (
        PLAN, "lan@bhxh.vn", "hoa@bhxh.vn",
    )  # fmt: skip
    assert len(entry.sha256) == 64
    assert entry.received_at == NOW


def test_the_same_file_twice_changes_nothing(tmp_path, area):
    path = write_xlsx(tmp_path / "a.xlsx", table())
    digest = preview(path, area).digest
    load(path, area, digest)
    before = {p: p.read_bytes() for p in area.landing.rglob("*") if p.is_file()}
    assert load(path, area, digest).is_repeat
    with pytest.raises(Conflict, match="không có gì để nạp thêm"):
        preview(path, area)
    assert {p: p.read_bytes() for p in area.landing.rglob("*") if p.is_file()} == before


def test_what_was_not_approved_does_not_land(tmp_path, area):
    path = write_xlsx(tmp_path / "a.xlsx", table())
    digest = preview(path, area).digest
    write_xlsx(path, table(seed=2))
    with pytest.raises(Conflict, match="Xem trước lại"):
        load(path, area, digest)
    assert live(area, "gs_b02") == {}


def test_another_load_in_between_asks_for_a_new_preview(tmp_path, area):
    path = write_xlsx(tmp_path / "b.xlsx", table("b02", "2025-06"))
    digest = preview(path, area).digest
    load_table(tmp_path, area, table("b02", "2025-05"))
    with pytest.raises(Conflict):
        load(path, area, digest)
    assert load(path, area).landed == 64


def test_a_corrected_file_replaces_its_period_and_says_what_it_replaces(tmp_path, area):
    load_table(tmp_path, area, table(seed=1))
    corrected = table(seed=2)
    corrected.rows.pop()  # Cà Mau is gone
    corrected.rows.pop(0)  # and the row of the nation, which would not be the sum any more
    path = write_xlsx(tmp_path / "b.xlsx", corrected)
    shown = preview(path, area)
    assert shown.difference["is_correction"]
    report = load(path, area)
    rows = live(area, "gs_b02")
    assert (report.landed, report.deleted, len(rows)) == (62, 2, 62)
    assert rows["2025-05", "01"]["tong_chi"] == Decimal(corrected.cell("01", "Chi KCB (tỷ đ)", "Tổng chi"))


def test_a_layout_that_gained_lost_and_moved_columns_is_said_before_it_is_loaded(tmp_path, area):
    load_table(tmp_path, area, table("b02", "2024-11", style=2024))
    made = table("b02", "2024-12", style=2025)
    made.insert(5, ("Lượt ban ngày",), [1] * len(made.rows))
    made.drop("Mã vùng")
    shown = preview(write_xlsx(tmp_path / "b.xlsx", made), area)
    assert shown.difference["gained"] == ["Mã khu vực", "Lượt ban ngày"]
    assert shown.difference["lost"] == ["Mã vùng"]
    assert "Lượt KCB / Nội trú: F → G" in shown.difference["moved"]
    assert shown.unknown == ["Lượt ban ngày (cột F)"]
    assert live(area, "gs_b02").keys() == {("2024-11", unit) for _, unit in live(area, "gs_b02")}
    text = "\n".join(shown.lines())
    assert "thêm cột: Mã khu vực, Lượt ban ngày" in text
    assert "mất cột: Mã vùng" in text


def test_a_lost_needed_column_is_refused_by_name(tmp_path, area):
    made = table()
    made.drop("BHYT thanh toán (tỷ đ)", "Tổng")
    with pytest.raises(FileRefused, match="BHYT thanh toán / Tổng"):
        preview(write_xlsx(tmp_path / "a.xlsx", made), area)


def test_held_rows_stay_out_and_are_named(tmp_path, area):
    made = table("b02", "2024-11")
    made.put("10", 1, "Lượt KCB", "Ngoại trú")
    report = load_table(tmp_path, area, made)
    assert (report.landed, report.held) == (63, 1)
    assert ("2024-11", "10") not in live(area, "gs_b02")
    [problem] = report.entry.facts["problems"]
    assert problem["code"] == "B02-01"


@pytest.mark.parametrize("step", range(4))
def test_killed_at_any_step_it_goes_on(tmp_path, area, step, monkeypatch):
    load_table(tmp_path, area, table(seed=1))
    corrected = table(seed=2)
    corrected.rows = corrected.rows[1:-1]
    path = write_xlsx(tmp_path / "b.xlsx", corrected)
    digest = preview(path, area).digest
    _die_at(monkeypatch, step)
    with pytest.raises(KeyboardInterrupt):
        load(path, area, digest)
    monkeypatch.undo()
    load(path, area, digest)
    rows = live(area, "gs_b02")
    assert len(rows) == 62
    assert {row["so_tep"] for row in rows.values()} == {2}


def _die_at(monkeypatch, step: int) -> None:
    """Die before the n-th of: the entry, the rows, the deleted keys, the completion."""
    count = iter(range(100))

    def counted(work):
        def run(*args, **kwargs):
            if next(count) == step:
                raise KeyboardInterrupt
            return work(*args, **kwargs)

        return run

    monkeypatch.setattr(planned_load.Journal, "write", counted(Journal.write))
    monkeypatch.setattr(landing, "commit_manifest", counted(landing.commit_manifest))
