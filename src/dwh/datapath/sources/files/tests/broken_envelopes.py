"""Claim XML whose envelope is broken in every way we know: nothing of it lands."""

from __future__ import annotations

from dwh.datapath.sources.files.limits import Limits
from dwh.datapath.sources.files.tests.broken import (
    BOMB,
    DECLARATION,
    OUTSIDE,
    Broken,
    as_file,
    in_envelope,
    whole,
)

ENVELOPES = [
    Broken("entities that expand", in_envelope(DECLARATION, BOMB), "XML-02"),
    Broken("an entity from outside", in_envelope(DECLARATION, OUTSIDE), "XML-02"),
    Broken(
        "a document type from outside",
        in_envelope(DECLARATION, '<!DOCTYPE a SYSTEM "http://x.vn/a.dtd">'),
        "XML-02",
    ),
    Broken(
        "tags nested deep",
        in_envelope("<CHUKYDONVI/>", "<CHUKYDONVI>" + "<a>" * 5_000 + "</a>" * 5_000 + "</CHUKYDONVI>"),
        "XML-04",
    ),
    Broken("a huge attribute", in_envelope("<GIAMDINHHS>", f'<GIAMDINHHS a="{"x" * 100_000}">'), "XML-03"),
    Broken(
        "an attribute without end",
        in_envelope("<GIAMDINHHS>", f'<GIAMDINHHS a="{"x" * 3_000_000}">'),
        "XML-03",
    ),
    Broken(
        "a comment without end",
        in_envelope("<GIAMDINHHS>", f"<GIAMDINHHS><!-- {'x' * 3_000_000} -->"),
        "XML-03",
    ),
    Broken("XML cut short", as_file(whole()[:-30].encode()), "XML-01", ("dòng 10",)),
    Broken("tags that cross", in_envelope("</THONGTINDONVI>", "</GIAMDINHHS>"), "XML-01"),
    Broken("UTF-16", as_file(whole().encode("utf-16")), "FMT-11"),
    Broken(
        "an old Vietnamese code page",
        as_file(whole().replace("<CHUKYDONVI/>", "<CHUKYDONVI>ký</CHUKYDONVI>").encode("latin-1")),
        "FMT-11",
    ),
    Broken("another root", as_file(whole().replace("GIAMDINHHS", "DANHSACH").encode()), "ENV-01"),
    Broken(
        "an envelope of health examinations",
        as_file(whole().replace("GIAMDINHHS", "KHAMSUCKHOE").encode()),
        "ENV-01",
    ),
    Broken("no facility", in_envelope("<MACSKCB>01001</MACSKCB>", ""), "ENV-01"),
    Broken(
        "no claim",
        as_file(b"<GIAMDINHHS><THONGTINDONVI><MACSKCB>01001</MACSKCB></THONGTINDONVI></GIAMDINHHS>"),
        "ENV-01",
    ),
    Broken("a facility without end", in_envelope("<MACSKCB>", f"<MACSKCB>{'0' * 500}"), "ENV-01"),
    Broken("SOLUONGHOSO too high", in_envelope("SO>2<", "SO>3<"), "ENV-03"),
    Broken("SOLUONGHOSO too low", in_envelope("SO>2<", "SO>1<"), "ENV-03"),
    Broken("SOLUONGHOSO empty", in_envelope("SO>2<", "SO><"), "ENV-03"),
    Broken("SOLUONGHOSO in words", in_envelope("SO>2<", "SO>hai<"), "ENV-03"),
    Broken("more claims than taken", as_file(whole().encode()), "ENV-03", limits=Limits(packages=1)),
    Broken(
        "two contents in one file",
        in_envelope("</NOIDUNGFILE>", "</NOIDUNGFILE><NOIDUNGFILE>QQ==</NOIDUNGFILE>"),
        "ENV-04",
    ),
    Broken("two trees in one content", in_envelope("<NOIDUNGFILE>", "<NOIDUNGFILE><A/><B/>"), "ENV-04"),
]
