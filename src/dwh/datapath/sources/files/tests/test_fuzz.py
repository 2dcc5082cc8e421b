"""Whatever bytes come, a file is loaded or refused in one sentence: nothing else is ever raised, nothing half lands.

`DWH_FUZZ=5000 pytest …/test_fuzz.py` looks longer.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.sources.claim_files import envelope
from demo.sources.monitoring_exports import export, write_csv, write_xlsx
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.files.problem import FileRefused
from dwh.datapath.sources.files.tests.broken import good_zip, zipped
from dwh.datapath.sources.files.tests.broken_packages import rewritten
from dwh.datapath.sources.files.tests.claims import NOW, claim, landed, load
from dwh.datapath.sources.files.tests.test_broken_files import is_one_clear_sentence
from dwh.datapath.sources.manual.planned_load import preview_file

pytestmark = pytest.mark.slow
XML = envelope([claim(1), claim(2)], version="130")
PLAIN_ZIP = zipped({"1.xml": envelope([claim(1)]), "2.xml": envelope([claim(2)])}, packing=0)
SEEDS = {"a.xml": XML, "b.zip": good_zip(), "c.zip": PLAIN_ZIP}
with tempfile.TemporaryDirectory() as _folder:
    _made = export("b02", "2024-11", style=2024, province="08")
    EXPORTS = {
        "a.xlsx": write_xlsx(Path(_folder, "a.xlsx"), _made).read_bytes(),
        "a.csv": write_csv(Path(_folder, "a.csv"), _made).read_bytes(),
    }
    with zipfile.ZipFile(Path(_folder, "a.xlsx")) as _book:
        WORKBOOK = {name: _book.read(name) for name in _book.namelist()}
PARTS = ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"]
CELLS = [
    b'<c r="A1">',
    b"</c>",
    b"<v>",
    b'r="ZZZ9"',
    b't="s"',
    b'<mergeCell ref="A1:XFD99"/>',
    b'<row r="7">',
    b"1E9",
]
WORDS = [
    "Mã",
    "Tên",
    "Lượt KCB",
    "Tổng",
    "ma_tinh",
    "nam",
    "tu_thang",
    "den_thang",
    "2024",
    "00",
    "1.234,5",
    "-",
    "Chi BQ",
]
FUZZ = settings(
    max_examples=int(os.environ.get("DWH_FUZZ", "60")), deadline=None, suppress_health_check=list(HealthCheck)
)

TAGS = [
    "<GIAMDINHHS>", "</GIAMDINHHS>", "<THONGTINHOSO>", "<DANHSACHHOSO>", "<HOSO>", "</HOSO>", "<FILEHOSO>", "QQ==",
    "</FILEHOSO>", "<NOIDUNGFILE>", "</NOIDUNGFILE>", "<A>", "</A>", "<LOAIHOSO>XML1</LOAIHOSO>", "<![CDATA[<a>]]>",
    "&amp;", "&x;", "<MACSKCB>1</MACSKCB>", "<?pi?>", "<!---->", "<SOLUONGHOSO>1</SOLUONGHOSO>",
]  # fmt: skip


@st.composite
def spoiled(draw) -> tuple[str, bytes]:
    """A good file with a few bytes flipped, cut, doubled or replaced."""
    name = draw(st.sampled_from(sorted(SEEDS)))
    data = bytearray(SEEDS[name])
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        piece = draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from([b"<", b">", b"&", b"\x00", b"]]>", b"<!--", b"PK\x01\x02"]),
            )
        )
        data[at : at + draw(st.integers(0, 12))] = piece
    if draw(st.booleans()):
        del data[draw(st.integers(0, len(data))) :]
    return name, bytes(data)


@FUZZ
@given(spoiled())
def test_spoiled_files_are_loaded_or_refused(spoiled_file):
    name, data = spoiled_file
    _try(name, data)


@FUZZ
@given(st.binary(max_size=400), st.sampled_from(["a.xml", "a.zip"]))
def test_random_bytes_are_refused(data, name):
    _try(name, data)


@FUZZ
@given(st.lists(st.sampled_from(TAGS), max_size=40))
def test_tags_in_any_order_are_loaded_or_refused(tags):
    _try("a.xml", ("<GIAMDINHHS>" + "".join(tags)).encode())


@FUZZ
@given(st.sampled_from(["XML1", "XML2", "XML3"]), st.data())
def test_spoiled_tables_hold_their_claim_only(kind, data):
    def spoil(text: str) -> bytes:
        inner = bytearray(text.encode())
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(inner)))
            inner[at : at + data.draw(st.integers(0, 9))] = data.draw(
                st.one_of(st.binary(max_size=6), st.just(b"<A>"))
            )
        return bytes(inner)

    _try("a.xml", rewritten(kind, spoil))


@FUZZ
@given(st.sampled_from(sorted(EXPORTS)), st.data())
def test_spoiled_exports_are_previewed_or_refused(name, data):
    spoiled_bytes = bytearray(EXPORTS[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(spoiled_bytes)))
        piece = data.draw(
            st.one_of(st.binary(max_size=8), st.sampled_from([b'"', b";", b",", b"\n", b"\x00"]))
        )
        spoiled_bytes[at : at + data.draw(st.integers(0, 12))] = piece
    _try_export(name, bytes(spoiled_bytes))


@FUZZ
@given(st.sampled_from(PARTS), st.data())
def test_spoiled_parts_of_a_workbook_are_previewed_or_refused(part, data):
    """The zip stays whole; the XML inside is spoiled, as a hostile program would."""
    members = dict(WORKBOOK)
    inner = bytearray(members[part])
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(inner)))
        piece = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from(CELLS)))
        inner[at : at + data.draw(st.integers(0, 9))] = piece
    _try_export("a.xlsx", zipped(members | {part: bytes(inner)}))


@FUZZ
@given(st.lists(st.lists(st.one_of(st.text(max_size=6), st.sampled_from(WORDS)), max_size=8), max_size=12))
def test_any_table_is_previewed_or_refused(rows):
    text = "\n".join(";".join(cell.replace("\n", " ") for cell in row) for row in rows)
    _try_export("a.csv", text.encode("utf-8", "replace"))


def _try_export(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        try:
            found = preview_file(path, settings=DataPathSettings(home=Path(folder, "home")), today=NOW.date())
        except FileRefused as refusal:
            is_one_clear_sentence(refusal.message_vi, name, ())
            return
        for problem in found.held:
            is_one_clear_sentence(problem["message"], name, ())


def _try(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, area = Path(folder, name), DataPathSettings(home=Path(folder, "home"))
        path.write_bytes(data)
        try:
            facts = load(path, area).entry.facts
        except FileRefused as refusal:
            is_one_clear_sentence(refusal.message_vi, name, ())
            assert not list(area.landing.rglob("*.parquet"))
            return
        heads = {row["ma_lk"] for row in landed(area, "gd_ho_so")}
        assert facts["landed"] == len(heads) > 0
        assert {row["ma_lk"] for row in landed(area, "gd_dvkt")} <= heads
        for problem in facts["problems"]:
            is_one_clear_sentence(problem["message"], name, ())
