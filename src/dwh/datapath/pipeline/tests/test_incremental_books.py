"""Books and cards built step by step equal a full build: documents, entries and balances that come in any order."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dwh.datapath.pipeline.publish import publish
from dwh.datapath.pipeline.tests import kit
from dwh.datapath.pipeline.tests.small_plans import cards_plan, ledger_plan
from dwh.datapath.pipeline.tests.test_incremental import FEW, MONTHS, Act, World, check_history
from dwh.datapath.settings import DataPathSettings

KEYS = st.integers(1, 6)
MONTH = st.sampled_from(MONTHS)
book_acts = st.one_of(
    st.tuples(st.just("entry"), KEYS, MONTH, st.integers(1, 3), st.integers(1, 3)),
    st.tuples(st.just("receipt"), KEYS, MONTH, MONTH),
    st.tuples(st.just("document"), KEYS, MONTH, st.integers(1, 3), st.booleans()),
    st.tuples(st.just("balance"), KEYS, MONTH, st.integers(0, 2)),
    st.tuples(st.just("budget"), KEYS, MONTH, st.integers(1, 3)),
    st.tuples(st.just("entry gone"), KEYS),
    st.tuples(st.just("document gone"), KEYS),
    st.tuples(st.just("account ends"), MONTH),
)
card_acts = st.one_of(
    st.tuples(st.just("card"), KEYS, st.integers(1, 3), st.sampled_from(("DN", "GD", "TE")), MONTH, MONTH),
    st.tuples(st.just("book"), KEYS, st.integers(1, 3), MONTH),
    st.tuples(st.just("card gone"), KEYS),
    st.tuples(st.just("line"), KEYS, MONTH),
    st.tuples(st.just("facility ends"), MONTH),
)


def ky(month: str) -> str:
    return month.replace("-", "")


def on(month: str, day: int) -> date:
    return datetime.fromisoformat(f"{month}-{day:02d}").date()


def document(key: int, month: str, serial: int, *, draft: bool = False) -> kit.Row:
    return {
        "id": key, "so_ct": f"{ky(month)}.01001.{serial}", "ky": ky(month), "loai_ct": "ghi sổ", "ma_cq": "01000",
        "tong_tien": 100 * serial, "trang_thai": "nháp" if draft else "khóa",
    }  # fmt: skip


def entry(key: int, month: str, serial: int, *, times: int = 1) -> kit.Row:
    return {
        "id": key, "ct_id": f"{ky(month)}.01001.{serial}", "stt": 1, "tk_no": "6-02", "tk_co": "1-02",
        "so_tien": 100 * serial * times, "ma_quy": "QLBM", "ma_hoat_dong": "H301",
    }  # fmt: skip


def land_receipt(settings: DataPathSettings, key: int, month: str, due: str) -> None:
    """Money that came in one month and was owed for another, under a document of its own."""
    serial = 10 + key
    own = {"tk_co": "5-01", "ma_quy": "HTTT", "ma_hoat_dong": "H101", "doi_tuong_pn": f"DV1/{ky(due)}"}
    kit.land(settings, "kt_chung_tu", [document(10 + key, month, serial)])
    kit.land(settings, "kt_but_toan", [entry(10 + key, month, serial) | own])


def account(key: int, code: str, until: date | None = None) -> kit.Row:
    return {
        "id": key,
        "ma_tk": code,
        "ten": code,
        "loai": code[0],
        "hieu_luc_tu": date(2018, 1, 1),
        "hieu_luc_den": until,
    }


@pytest.fixture(scope="module")
def books_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("books")
    settings = kit.settings_in(home)
    kit.small_nation(settings, lines=[kit.line(90 + i, month, person=4) for i, month in enumerate(MONTHS)])
    kit.land(settings, "kt_tai_khoan", [account(1, "1-02"), account(2, "6-02"), account(3, "5-01")])
    kit.land(settings, "kt_chung_tu", [document(90 + i, month, 9) for i, month in enumerate(MONTHS)])
    kit.land(settings, "kt_but_toan", [entry(90 + i, month, 9) for i, month in enumerate(MONTHS)])
    kit.make_public(settings, plan=ledger_plan())
    return home


@pytest.fixture(scope="module")
def cards_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("cards")
    settings = kit.settings_in(home)
    kit.small_nation(settings, lines=[kit.line(90 + i, month, person=4) for i, month in enumerate(MONTHS)])
    kit.make_public(settings, plan=cards_plan())
    return home


def act_on_books(world: World, act: Act) -> None:
    kind, key = act[0], act[1]
    if kind == "entry":
        _, _, month, serial, times = act
        world.land("kt_but_toan", entry(key, month, serial, times=times))
    elif kind == "receipt":
        land_receipt(world.settings, key, act[2], act[3])
    elif kind == "document":
        _, _, month, serial, draft = act
        world.land("kt_chung_tu", document(key, month, serial, draft=draft))
    elif kind == "balance":
        _, _, month, times = act
        moved = {
            "dau_ky_no": 0,
            "dau_ky_co": 0,
            "ps_no": 900 * times,
            "ps_co": 0,
            "cuoi_ky_no": 900 * times,
            "cuoi_ky_co": 0,
        }
        own = {"id": key, "ky": ky(month), "ma_cq": "01000", "ma_tk": "6-02", "ma_quy": "QLBM"}
        world.land("kt_so_du", own | moved | {"created_at": datetime.fromisoformat(f"{month}-20")})
    elif kind == "budget":
        _, _, month, amount = act
        own = {
            "id": key,
            "nam": 2025,
            "ma_cq": "01000",
            "chi_tieu": "CHI-QLBM",
            "so_giao_dau_nam": amount * 1_000_000,
        }
        world.land("kt_du_toan", own | {"ngay": on(month, 10)})
    elif kind == "account ends":
        world.land("kt_tai_khoan", account(1, "1-02", on(key, 28)))
    else:
        kit.delete(world.settings, "kt_but_toan" if kind == "entry gone" else "kt_chung_tu", [key])


def act_on_cards(world: World, act: Act) -> None:
    kind, key = act[0], act[1]
    if kind == "card":
        _, _, person, kind_of_card, first, last = act
        number = f"01000000{person:02d}"
        world.land(
            "tst_the_bhyt",
            {"id": key, "ma_the": f"{kind_of_card}401{number}", "ma_so_bhxh": number, "ma_doi_tuong": kind_of_card,
             "muc_huong": 4, "ma_dkbd": "01001", "tu_ngay": on(first, 1), "den_ngay": on(last, 28), "trang_thai": "1"},
        )  # fmt: skip
    elif kind == "book":
        _, _, person, month = act
        own = {"id": key, "ma_so_bhxh": f"01000000{person:02d}", "lan_cap": 1, "loai_cap": "mới"}
        world.land("tst_so_bhxh", own | {"ngay_cap": on(month, 5)})
    elif kind == "line":
        world.land("tst_dong_ca_nhan", kit.line(key, act[2], person=3))
    elif kind == "facility ends":
        world.land("gd_cskcb", kit.FACILITY | {"hop_dong_den": on(key, 3)})
    else:
        kit.delete(world.settings, "tst_the_bhyt", [key])


@pytest.mark.slow
@FEW
@given(st.lists(st.lists(book_acts, min_size=1, max_size=3), min_size=1, max_size=2))
@example([[("entry", 1, "2025-06", 1, 1)], [("document", 1, "2025-06", 1, False)]])
@example(
    [[("balance", 1, "2025-06", 1)], [("entry", 1, "2025-06", 1, 1), ("document", 1, "2025-06", 1, False)]]
)
@example([[("budget", 1, "2025-05", 2)], [("account ends", "2025-06")]])
@example([[("receipt", 1, "2025-07", "2025-05")], [("receipt", 1, "2025-07", "2025-06")]])
def test_books_built_step_by_step_equal_a_full_build(books_home, rounds):
    check_history(books_home, rounds, act_on_books, ledger_plan())


def test_late_money_makes_only_the_months_it_was_owed_for_anew(books_home, tmp_path):
    settings = kit.settings_in(tmp_path / "home")
    shutil.copytree(books_home, settings.home, symlinks=True)
    land_receipt(settings, 1, MONTHS[-1], MONTHS[0])
    built = kit.make(settings, plan=ledger_plan())
    [match] = [step for step in built.steps if step.table == "core.fct_collection_match"]
    assert (match.months, match.carried) == (1, len(MONTHS) - 1)
    release = publish(built, settings=settings)
    rows = kit.rows_of(release, "core.fct_collection_match", "due_month, booked_vnd")
    assert [row for row in rows if row[1]] == [(MONTHS[0], 1_100)]


@pytest.mark.slow
@FEW
@given(st.lists(st.lists(card_acts, min_size=1, max_size=3), min_size=1, max_size=2))
@example([[("card", 1, 1, "GD", "2025-05", "2025-07")], [("card", 2, 1, "DN", "2025-06", "2025-06")]])
@example([[("book", 1, 1, "2025-06")], [("facility ends", "2025-06")]])
def test_cards_and_books_built_step_by_step_equal_a_full_build(cards_home, rounds):
    check_history(cards_home, rounds, act_on_cards, cards_plan())
