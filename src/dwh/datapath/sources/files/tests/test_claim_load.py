"""A claim file lands as the claim system's tables would: typed, stamped, once; sent again it is a newer sending."""

from __future__ import annotations

import zipfile
from decimal import Decimal

import pytest

from demo.sources.claim_files import envelope, write_zip
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.files import claim_landing
from dwh.datapath.sources.files.problem import FileRefused
from dwh.datapath.sources.files.tests.claims import FACILITY, NOW, claim, landed, load, written
from dwh.datapath.sources.landing import batches, verify_batch


@pytest.fixture
def area(tmp_path):
    return DataPathSettings(home=tmp_path / "home")


def test_one_xml_lands_as_three_tables_with_exact_amounts(tmp_path, area):
    report = load(written(tmp_path, claim(1), claim(2)), area)
    [head, _] = landed(area, "gd_ho_so")
    assert report.rows == {"gd_ho_so": 2, "gd_thuoc": 2, "gd_dvkt": 4}
    assert (head["t_tongchi_bv"], head["t_bhtt"]) == (Decimal("300000.00"), Decimal("240000.00"))
    assert (head["ma_cskcb"], head["ky_qt"], head["gioi_tinh"]) == (FACILITY, "202611", 1)
    assert report.vnd["gd_ho_so"]["t_tongchi_bv"] == Decimal("600000.00")
    assert [row["stt"] for row in landed(area, "gd_dvkt")] == [1, 2, 1, 2]


def test_the_columns_are_those_of_the_contract_and_the_version(tmp_path, area):
    load(written(tmp_path, claim()), area)
    for table in ("gd_ho_so", "gd_thuoc", "gd_dvkt"):
        promised = [column.name for column in load_contract("claims").table(table).landed]
        assert list(landed(area, table)[0]) == [*promised, "phien_ban"]


@pytest.mark.parametrize(
    ("version", "day", "stamp"),
    [("4210", "20220305", "4210"), ("4210", "20261105", "4210"), ("130", "20230601", "130"),
     ("4750", "20240215", "4750"), ("3176", "20250101", "3176")],
)  # fmt: skip
def test_every_version_lands_in_the_same_columns(tmp_path, area, version, day, stamp):
    load(written(tmp_path, claim(day=day), version=version), area)
    rows = [row for table in ("gd_ho_so", "gd_thuoc", "gd_dvkt") for row in landed(area, table)]
    assert {row["phien_ban"] for row in rows} == {stamp}
    assert landed(area, "gd_ho_so")[0]["loai_ho_so"] == stamp
    assert landed(area, "gd_ho_so")[0]["t_tongchi_bv"] == 300_000
    assert landed(area, "gd_dvkt")[1]["thanh_tien_bv"] == 150_000
    assert landed(area, "gd_dvkt")[1]["ma_bac_si"] == "000001/01-CCHN"


def test_versions_stand_side_by_side_in_one_zip(tmp_path, area):
    days = {"4210": "20220305", "130": "20230601", "4750": "20240215", "3176": "20250101"}
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number, (version, day) in enumerate(days.items()):
            archive.writestr(f"{version}.xml", envelope([claim(number, day=day)], version=version))
    report = load(tmp_path / "a.zip", area)
    assert report.entry.facts["versions"] == dict.fromkeys(sorted(days), 1)


def test_the_same_file_twice_changes_nothing_and_says_so(tmp_path, area):
    path = written(tmp_path, claim())
    load(path, area)
    before = {p: p.read_bytes() for p in area.landing.rglob("*") if p.is_file()}
    again = load(path.rename(tmp_path / "ten_khac.xml"), area)
    assert again.is_repeat
    assert "không có gì thay đổi" in again.sentence
    assert {p: p.read_bytes() for p in area.landing.rglob("*") if p.is_file()} == before


def test_a_claim_sent_again_is_one_sending_later(tmp_path, area):
    load(written(tmp_path, claim(1), claim(2)), area)
    load(written(tmp_path, claim(1, t_bhtt=200_000), claim(3), name="gui_lai.xml"), area)
    sendings = [(row["ma_lk"], row["lan_gui"], row["t_bhtt"]) for row in landed(area, "gd_ho_so")]
    assert sendings == [("LK0001", -999, 240_000), ("LK0002", -999, 240_000), ("LK0001", -998, 200_000),
                        ("LK0003", -999, 240_000)]  # fmt: skip
    assert [row["lan_gui"] for row in landed(area, "gd_thuoc")] == [-999, -999, -998, -999]


def test_ids_are_negative_name_the_place_and_never_meet(tmp_path, area):
    load(written(tmp_path, claim(1), claim(2)), area)
    load(written(tmp_path, claim(3), name="b.xml"), area)
    heads = [row["id"] for row in landed(area, "gd_ho_so")]
    lines = [row["id"] for row in landed(area, "gd_dvkt")]
    assert heads == [-(1 << 35), -((1 << 35) + (1 << 15)), -(2 << 35)]
    assert lines[:2] == [-((1 << 35) + 1), -((1 << 35) + 2)]
    assert len({*heads, *lines}) == len(heads) + len(lines)


def test_rows_carry_when_the_file_came_and_no_person_by_name(tmp_path, area):
    load(written(tmp_path, claim()), area)
    head = landed(area, "gd_ho_so")[0]
    assert head["updated_at"] == head["created_at"] == NOW.replace(tzinfo=None)
    assert "Người Hư Cấu" not in str(head)
    for batch in batches(area, "claim_files", "gd_ho_so"):
        verify_batch(batch)
        assert batch.cursor_to is None


def test_tables_of_hiv_and_tuberculosis_are_never_opened(tmp_path, area):
    body = envelope([claim()]).decode()
    secret = "<FILEHOSO><LOAIHOSO>XML6</LOAIHOSO><NOIDUNGFILE>kh%%ông đọc</NOIDUNGFILE></FILEHOSO>"
    lao = "<FILEHOSO><LOAIHOSO>XML15</LOAIHOSO><NOIDUNGFILE><A><B>1</B></A></NOIDUNGFILE></FILEHOSO>"
    (tmp_path / "a.xml").write_text(body.replace("</HOSO>", f"{secret}{lao}</HOSO>"), encoding="utf-8")
    facts = load(tmp_path / "a.xml", area).entry.facts
    assert facts["landed"] == 1
    assert [name for name in facts["variants"] if name.startswith("XML")][:2] != []
    assert facts["variants"]["XML6: bảng nhạy cảm không mở, không nạp"] == 1
    assert facts["variants"]["XML15: bảng nhạy cảm không mở, không nạp"] == 1


def test_a_zip_of_many_lands_whole(tmp_path, area):
    assert write_zip(tmp_path / "a.zip", (claim(number) for number in range(300))) == 300
    report = load(tmp_path / "a.zip", area)
    assert (report.entry.facts["landed"], report.rows["gd_dvkt"]) == (300, 600)
    assert "300 hồ sơ" in report.sentence


def test_a_claim_sent_more_often_than_there_are_numbers_is_refused(tmp_path, area, monkeypatch):
    monkeypatch.setattr(claim_landing, "LAST_SENDING", -998)
    for paid in (1, 2):
        load(written(tmp_path, claim(1, t_bhtt=paid), name=f"{paid}.xml"), area)
    with pytest.raises(FileRefused, match="quá 999 lần"):
        load(written(tmp_path, claim(1, t_bhtt=3)), area)
