"""Whatever bytes come, a file is loaded or refused in one sentence: nothing else is ever raised, nothing half lands."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.sources.claim_files import envelope
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.files.problem import FileRefused
from dwh.datapath.sources.files.tests.broken_claims import good_zip, rewritten, zipped
from dwh.datapath.sources.files.tests.claims import claim, landed, load
from dwh.datapath.sources.files.tests.test_broken_files import is_one_clear_sentence

XML = envelope([claim(1), claim(2)], version="130")
PLAIN_ZIP = zipped({"1.xml": envelope([claim(1)]), "2.xml": envelope([claim(2)])}, packing=0)
SEEDS = {"a.xml": XML, "b.zip": good_zip(), "c.zip": PLAIN_ZIP}
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

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
