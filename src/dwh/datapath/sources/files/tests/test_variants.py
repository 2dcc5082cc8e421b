"""Departures from the standard that lose nothing are borne, and counted as a fault of the sender (ENV-07)."""

from __future__ import annotations

import base64
import re

import pytest

from demo.sources.claim_files import envelope
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.files.tests.claims import claim, landed, load

TEXT = envelope([claim(1)]).decode()


def children(change):
    """Return the envelope with every child XML changed, and again in base64."""
    return re.sub(r"(?<=<NOIDUNGFILE>)[^<]+", lambda m: _coded(change(base64.b64decode(m[0]).decode())), TEXT)


def uncoded(wrap=lambda text: text):
    """Return the envelope with every child XML as it is, or wrapped."""
    return re.sub(r"(?<=<NOIDUNGFILE>)[^<]+", lambda m: wrap(base64.b64decode(m[0]).decode()), TEXT)


def as_attributes(text: str) -> str:
    def row(found: re.Match[str]) -> str:
        values = " ".join(f'{tag}="{value}"' for tag, value in re.findall(r"<([A-Z_]+)>([^<]*)</", found[2]))
        return f"<{found[1]} {values}/>"

    return re.sub(r"<(CHI_TIET_THUOC|CHI_TIET_DVKT|TONG_HOP)>(.*?)</\1>", row, text)


def prefixed(text: str) -> str:
    """Give every element the prefix b, declared at the root."""
    named = re.sub(r"<(/?)(\w+)>", r"<\1b:\2>", text)
    return re.sub(r"<(b:\w+)>", r'<\1 xmlns:b="http://byt.vn">', named, count=1)


def one_level_less(text: str) -> str:
    return re.sub(r"</?DSACH_\w+>", "", text)


def _coded(text: str) -> str:
    return "\n".join(
        re.findall(".{1,76}", base64.b64encode(text.encode()).decode())
    )  # in lines, as e-mail does


VARIANTS = {
    "base64 in lines": (children(str), None),
    "in the open": (uncoded(), "XML con để thẳng, không base64"),
    "as CDATA": (uncoded(lambda text: f"<![CDATA[{text}]]>"), "XML con để dạng chữ, không base64"),
    "escaped": (uncoded(lambda text: text.replace("<", "&lt;")), "XML con để dạng chữ, không base64"),
    "values in attributes": (children(as_attributes), "giá trị đặt ở thuộc tính"),
    "in the open with attributes": (uncoded(as_attributes), "giá trị đặt ở thuộc tính|XML con để thẳng, không base64"),
    "a level of the list missing": (children(one_level_less), "gốc thiếu tầng danh sách"),
    "only the list": (children(lambda text: re.sub(r"</?CHITIEU_\w+>", "", text)), None),
    "a name space": (
        children(lambda text: re.sub(r"<(TONG_HOP|CHITIEU_\w+)>", r'<\1 xmlns="http://byt.vn">', text)),
        "không gian tên thừa",
    ),
    "a prefix": (children(prefixed), "không gian tên thừa"),
    "a byte order mark": (children(lambda text: f"\ufeff{text}"), None),
    "declared as UTF-16": (children(lambda text: f'<?xml version="1.0" encoding="utf-16"?>{text}'), None),
    "the envelope declared as UTF-16": (TEXT.replace("utf-8", "utf-16"), None),
    "l for I": (children(lambda text: text.replace("PHAM_VI>", "PHAM_Vl>")), "tên trường gõ nhầm chữ"),
    "small letters": (children(lambda text: re.sub(r"T_BHTT>", "t_bhtt>", text)), "tên trường gõ nhầm chữ"),
    "a name of 4210": (children(lambda text: text.replace("MA_BENH_CHINH>", "MA_BENH>")), "tên trường của QĐ 4210"),
    "blanks around values": (children(lambda text: text.replace("<MA_CSKCB>01001", "<MA_CSKCB>\n 01001 ")), None),
    "whole numbers with a point": (children(lambda text: text.replace("DTRI>0<", "DTRI>0.00<")), None),
    "amounts with zeros": (children(lambda text: text.replace("<T_BHTT>240000<", "<T_BHTT>240000.000<")), None),
    "an unknown element": (TEXT.replace("<HOSO>", "<GHICHU>x</GHICHU><HOSO>"), "phần tử lạ trong vỏ gói"),
    "empty tables left out": (TEXT.replace("<CHUKYDONVI/>", ""), None),
    "a kind in small letters": (TEXT.replace(">XML2<", ">xml2<"), None),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_lands_the_same_rows_and_is_counted(tmp_path, name):
    text, counted = VARIANTS[name]
    assert text != TEXT
    plain, other = (DataPathSettings(home=tmp_path / home) for home in ("plain", "other"))
    for content, area in ((TEXT, plain), (text, other)):
        (tmp_path / "a.xml").write_text(content, encoding="utf-8")
        facts = load(tmp_path / "a.xml", area).entry.facts
    for table in ("gd_ho_so", "gd_thuoc", "gd_dvkt"):
        assert landed(other, table) == landed(plain, table)
    assert set(facts["variants"]) == (set(counted.split("|")) if counted else set())
