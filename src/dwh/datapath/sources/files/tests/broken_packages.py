"""One broken claim between two good ones: it is held, they land."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from demo.sources.claim_files import SourceClaim, envelope
from dwh.datapath.sources.files.limits import Limits
from dwh.datapath.sources.files.tests.broken import BOMB, GOOD, OUTSIDE, Broken, as_file, good_zip, whole
from dwh.datapath.sources.files.tests.claims import claim


def with_bad(spoil: Callable[[SourceClaim], None] | None = None, **head: Any) -> Callable[[Path], Path]:
    """Make one envelope: a good claim, a spoiled one, a good one."""
    bad = claim(9, **head)
    if spoil:
        spoil(bad)
    return as_file(envelope([claim(1), bad, claim(2)]))


def in_sheet(kind: str, old: str, new: str, **head: Any) -> Callable[[Path], Path]:
    """Make the same with a piece of the XML inside one table exchanged."""
    return as_file(rewritten(kind, lambda text: _exchanged(text, old, new), **head))


def rewritten(kind: str, change: Callable[[str], str | bytes], **head: Any) -> bytes:
    """Return one envelope whose second claim has the content of one table changed before base64."""
    bad = envelope([claim(9, **head)]).decode()
    start = bad.index("<HOSO>")
    package = bad[start : bad.index("</HOSO>") + 7]
    begin = package.index(f"<LOAIHOSO>{kind}</LOAIHOSO>")
    begin = package.index("<NOIDUNGFILE>", begin) + 13
    end = package.index("</NOIDUNGFILE>", begin)
    changed = change(base64.b64decode(package[begin:end]).decode())
    data = changed.encode() if isinstance(changed, str) else changed
    package = f"{package[:begin]}{base64.b64encode(data).decode()}{package[end:]}"
    return with_package(package)


def with_package(package: str) -> bytes:
    """Return one envelope of a good claim, this package, and a good claim."""
    text = whole(claim(1), claim(8), claim(2))
    before, _, rest = text.partition("<HOSO>")
    first, _, rest = rest.partition("</HOSO>")
    _, _, rest = rest.partition("</HOSO>")
    return f"{before}<HOSO>{first}</HOSO>{package}{rest}".encode()


def in_package(old: str, new: str) -> Callable[[Path], Path]:
    """Make the same with a piece of the envelope of the second claim exchanged."""
    text = envelope([claim(9)]).decode()
    package = text[text.index("<HOSO>") : text.index("</HOSO>") + 7]
    return as_file(with_package(_exchanged(package, old, new)))


def file_of(kind: str, content: str) -> str:
    encoded = base64.b64encode(content.encode()).decode()
    return f"<FILEHOSO><LOAIHOSO>{kind}</LOAIHOSO><NOIDUNGFILE>{encoded}</NOIDUNGFILE></FILEHOSO></HOSO>"


def _exchanged(text: str, old: str, new: str) -> str:
    assert old in text, f"{old} is not in {text[:2000]}"
    return text.replace(old, new, 1)


def discharge_of_4210() -> bytes:
    """Return a claim of 4210 with the discharge paper that came with QĐ 130."""
    paper = "<CHI_TIEU_DU_LIEU_GIAY_RA_VIEN><MA_LK>LK0009</MA_LK></CHI_TIEU_DU_LIEU_GIAY_RA_VIEN>"
    text = envelope([claim(9)], version="4210").decode()
    package = text[text.index("<HOSO>") : text.index("</HOSO>") + 7]
    return with_package(package.replace("</HOSO>", file_of("XML7", paper)))


def of_no_version(text: str) -> str:
    """Rename most fields so that no version knows them."""
    return re.sub(r"<(/?)(T_|MA_|NGAY_)", r"<\1X\2", text)


def no_services(bad: SourceClaim) -> None:
    bad.services = []


def no_drugs(bad: SourceClaim) -> None:
    bad.drugs = []


def long_list(bad: SourceClaim) -> None:
    bad.drugs = [bad.drugs[0] | {"stt": number} for number in range(1, 12)]


def held(name: str, make: Callable[[Path], Path], code: str, *place: str, **more: Any) -> Broken:
    return Broken(name, make, code, ("hồ sơ số 2", *place), **{"landed": GOOD} | more)


PACKAGES = [
    held("base64 with a foreign letter", in_package("<NOIDUNGFILE>", "<NOIDUNGFILE>*"), "ENV-04", "XML1"),
    held("base64 cut short", in_package("</NOIDUNGFILE>", "A</NOIDUNGFILE>"), "ENV-04", "XML1"),
    held(
        "a kind without content",
        in_package("<LOAIHOSO>XML1</LOAIHOSO>", "<LOAIHOSO>XML1</LOAIHOSO></FILEHOSO><FILEHOSO>"),
        "ENV-04",
    ),
    held("an empty content", as_file(rewritten("XML2", lambda _: "")), "ENV-04", "XML2"),
    held("content that is no XML", as_file(rewritten("XML2", lambda _: "xin chào")), "ENV-04", "XML2"),
    held("content cut short", as_file(rewritten("XML3", lambda text: text[:-20])), "ENV-04", "XML3"),
    held("entities inside", in_sheet("XML1", "<TONG_HOP>", f"{BOMB}<TONG_HOP>"), "XML-02", "XML1"),
    held("an outside entity inside", in_sheet("XML2", "<CHITIEU", f"{OUTSIDE}<CHITIEU"), "XML-02", "XML2"),
    held(
        "another code page inside",
        as_file(rewritten("XML1", lambda text: text.encode("utf-16"))),
        "FMT-11",
        "XML1",
    ),
    held(
        "broken letters inside",
        as_file(rewritten("XML1", lambda text: text.replace("Cấu", "C\xe2").encode("latin-1", "ignore"))),
        "FMT-11",
        "XML1",
    ),
    held(
        "a value that holds tags",
        in_sheet("XML1", "<MA_BN>BN9</MA_BN>", "<MA_BN><A>1</A></MA_BN>"),
        "FMT-01",
        "trường MA_BN",
    ),
    held(
        "values nested deep",
        in_sheet("XML1", "<MA_BN>BN9</MA_BN>", "<MA_BN>" + "<a>" * 9_000 + "</a>" * 9_000 + "</MA_BN>"),
        "FMT-01",
        "trường MA_BN",
    ),
    held(
        "the root of another table",
        in_sheet("XML2", "<CHITIEU_CHITIET_THUOC>", "<CHITIEU_CHITIET_THUOC><XYZ/>"),
        "ENV-04",
        "XML2",
    ),
    held(
        "a row of another table",
        in_sheet("XML3", "</DSACH_CHI_TIET_DVKT>", "<CHI_TIET_THUOC/></DSACH_CHI_TIET_DVKT>"),
        "ENV-04",
        "XML3",
    ),
    held(
        "XML1 with the root of XML2",
        as_file(rewritten("XML1", lambda text: text.replace("TONG_HOP", "CHI_TIET_THUOC"))),
        "ENV-04",
        "XML1",
    ),
    held("an unknown kind", in_package("<LOAIHOSO>XML3<", "<LOAIHOSO>XML99<"), "ENV-04", "FILEHOSO"),
    held("no kind", in_package("<LOAIHOSO>XML3</LOAIHOSO>", ""), "ENV-04", "FILEHOSO"),
    held("XML12 in a claim", in_package("</HOSO>", file_of("XML12", "<A/>")), "ENV-08", "XML12"),
    held("XML1 missing", in_package("<LOAIHOSO>XML1<", "<LOAIHOSO>XML6<"), "ENV-05", "XML1"),
    held("XML2 twice", in_package("<LOAIHOSO>XML3<", "<LOAIHOSO>XML2<"), "ENV-05", "XML2"),
    held("services missing", with_bad(no_services), "SUM-03", "XML3"),
    held("drugs missing", with_bad(no_drugs), "SUM-01", "XML2"),
    held("an unknown version", as_file(rewritten("XML1", of_no_version)), "FMT-01", "XML1"),
    held(
        "an unknown field",
        in_sheet("XML2", "<STT>1</STT>", "<STT>1</STT><MA_LA>1</MA_LA>"),
        "FMT-01",
        "XML2 dòng 1",
        "trường MA_LA",
    ),
    held("a table of another version", as_file(discharge_of_4210()), "FMT-01", "XML7"),
    held(
        "a field twice in a row",
        in_sheet("XML3", "<STT>2</STT>", "<STT>2</STT><STT>2</STT>"),
        "FMT-01",
        "XML3 dòng 2",
        "trường STT",
    ),
    held(
        "a field under two names",
        in_sheet("XML1", "<MA_BN>", "<MA_BENH>J06</MA_BENH><MA_BN>"),
        "FMT-01",
        "trường MA_BENH_CHINH",
    ),
    held(
        "letters for a number",
        in_sheet("XML2", "<SO_LUONG>10<", "<SO_LUONG>mười<"),
        "FMT-10",
        "XML2 dòng 1",
        "trường SO_LUONG",
    ),
    held(
        "a comma in a number",
        in_sheet("XML2", "<DON_GIA>10000<", "<DON_GIA>10000,5<"),
        "FMT-10",
        "trường DON_GIA",
    ),
    held(
        "a number with an exponent",
        in_sheet("XML2", "<DON_GIA>10000<", "<DON_GIA>1e4<"),
        "FMT-10",
        "trường DON_GIA",
    ),
    held("a negative amount", with_bad(t_bhtt=-1), "FMT-10", "trường T_BHTT"),
    held("a third decimal of money", with_bad(t_bhtt=1.005), "FMT-10", "trường T_BHTT"),
    held("more digits than fit", with_bad(t_bhtt=10**14), "FMT-10", "trường T_BHTT"),
    held("digits of another script", with_bad(t_bhtt="٣٠"), "FMT-10", "trường T_BHTT"),
    held("half a day", with_bad(so_ngay_dtri=0.5), "FMT-10", "trường SO_NGAY_DTRI"),
    held("a day that does not exist", with_bad(ngay_vao="202602300800"), "FMT-02", "trường NGAY_VAO"),
    held("hour 24", with_bad(ngay_ra="202611052400"), "FMT-02", "trường NGAY_RA"),
    held("a day written dd/mm/yyyy", with_bad(ngay_ra="05/11/2026"), "FMT-02", "trường NGAY_RA"),
    held(
        "a card that begins on no day", with_bad(gt_the_tu="20260101;20261301"), "FMT-02", "trường GT_THE_TU"
    ),
    held("a birthday of 13 digits", with_bad(ngay_sinh="1980010100000"), "FMT-02", "trường NGAY_SINH"),
    held("a field too long", with_bad(ma_benh_chinh="J06.9-J06.9"), "FMT-01", "trường MA_BENH_CHINH"),
    held("a needed field empty", with_bad(ma_benh_chinh=""), "REQ-01", "trường MA_BENH_CHINH"),
    held(
        "lines of another claim",
        in_sheet("XML2", "<MA_LK>LK0009<", "<MA_LK>LK0001<"),
        "KEY-01",
        "XML2 dòng 1",
        "trường MA_LK",
    ),
    held(
        "a claim of another facility",
        as_file(rewritten("XML1", lambda text: text.replace("<MA_CSKCB>01001", "<MA_CSKCB>79001"))),
        "ENV-02",
        "trường MA_CSKCB",
    ),
    held("more rows than taken", with_bad(long_list), "XML-03", "XML2", limits=Limits(rows=10)),
    held(
        "a table larger than taken",
        with_bad(ly_do_vv="x" * 20_000),
        "XML-03",
        "XML1",
        limits=Limits(table=10_000),
    ),
    Broken(
        "one claim twice in a file",
        as_file(envelope([claim(1), claim(9), claim(2), claim(9, t_bhtt=1)])),
        "KEY-02",
        ("hồ sơ số 2", "hồ sơ số 4"),
        GOOD,
        2,
    ),
    Broken(
        "one claim in two XML of a zip",
        as_file(good_zip(**{"3.xml": envelope([claim(9)]), "4.xml": envelope([claim(9)])}), "a.zip"),
        "KEY-02",
        ("3.xml", "4.xml"),
        GOOD,
        2,
    ),
    Broken(
        "nothing but broken claims",
        as_file(envelope([claim(1, t_bhtt="x"), claim(2, t_bhtt="y")])),
        "FMT-10",
        ("hồ sơ số 1", "và 1 lỗi khác"),
    ),
]
