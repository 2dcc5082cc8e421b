"""Reading GIAMDINHHS, the envelope of claim XML: one claim (HOSO) after the other, in bounded memory.

What is dangerous in any XML is refused by guarded_xml; here is what the envelope of the claim standard means.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET  # builds trees here, parses nothing
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dwh.datapath.sources.files.guarded_xml import GuardedXml
from dwh.datapath.sources.files.limits import MIB, Limits
from dwh.datapath.sources.files.problem import EnvelopeRefused, shown

ROOT = "GIAMDINHHS"
_PACKAGE = (ROOT, "THONGTINHOSO", "DANHSACHHOSO", "HOSO")
_FILE = (*_PACKAGE, "FILEHOSO")
_KIND, _CONTENT = (*_FILE, "LOAIHOSO"), (*_FILE, "NOIDUNGFILE")
_FACILITY = (ROOT, "THONGTINDONVI", "MACSKCB")
_COUNT, _DAY = (ROOT, "THONGTINHOSO", "SOLUONGHOSO"), (ROOT, "THONGTINHOSO", "NGAYLAP")
_SHORT = {_FACILITY: 20, _COUNT: 20, _DAY: 20, _KIND: 40}  # longest text that is read, in characters
_KNOWN = {_PACKAGE[:i] for i in range(1, 5)} | {_FILE, _CONTENT, _FACILITY[:2], *_SHORT, (ROOT, "CHUKYDONVI")}
Path = tuple[str, ...]


@dataclass(slots=True)
class Sheet:
    """One FILEHOSO: what it says it is, and its content as text or, sent in the open, as a tree."""

    kind: str = ""
    text: str = ""
    tree: ET.Element | None = None
    oversize: bool = False


@dataclass(slots=True)
class Package:
    """One HOSO. `number` counts from 1 within its XML; `line` is where it begins."""

    number: int
    line: int
    facility: str = ""
    day: str = ""
    sheets: list[Sheet] = field(default_factory=list)


class EnvelopeReader:
    """Turns the bytes of one XML into packages; `variants` counts departures from the standard that were borne."""

    def __init__(self, limits: Limits, unwanted: frozenset[str] = frozenset()) -> None:
        self.variants: Counter[str] = Counter()
        self._limits, self._unwanted = limits, unwanted
        self._ready: deque[Package] = deque()
        self._path: Path = ()
        self._package: Package | None = None
        self._facility = self._count = self._day = ""
        self._made = 0
        self._text: list[str] = []
        self._length = 0
        self._open: ET.TreeBuilder | None = None
        self._nodes = self._open_depth = 0
        self._xml = GuardedXml(self, limits, EnvelopeRefused)

    def packages(self, chunks: Iterable[bytes]) -> Iterator[Package]:
        """Yield the packages as they end.

        Raises:
            EnvelopeRefused: after the packages before the fault: take them only once this returned.
        """
        for _ in self._xml.read(chunks):
            while self._ready:
                yield self._ready.popleft()
        self._check_whole()

    # --- what the XML holds -------------------------------------------------------------------------------

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._path[:6] == _CONTENT:
            return self._start_open(tag, attributes)
        name = tag.rpartition(":")[2]
        if name != tag:
            self.variants["không gian tên thừa"] += 1
        if not self._path and name != ROOT:
            raise self._xml.refused("ENV-01", f"gốc của XML là «{shown(name)}», phải là {ROOT}")
        self._path = (*self._path, name)
        self._text, self._length = [], 0
        if self._path not in _KNOWN and self._path[:2] != (ROOT, "CHUKYDONVI"):
            self.variants["phần tử lạ trong vỏ gói"] += 1
        if self._path == _PACKAGE:
            self._begin_package()
        elif self._path == _FILE and self._package is not None:
            self._package.sheets.append(Sheet())
        return None

    def end(self, tag: str) -> None:
        if self._open is not None and self._open_depth:
            self._open.end(tag)
            self._open_depth -= 1
            self._path = self._path[:-1]
            return
        path, self._path = self._path, self._path[:-1]
        if path == _PACKAGE:
            self._end_package()
        elif path == _CONTENT:
            self._end_content()
        elif path in _SHORT:
            self._end_short(path)

    def text(self, data: str) -> None:
        if self._open is not None and self._open_depth:
            self._length += len(data)
            if self._fits():
                self._open.data(data)
        elif self._path == _CONTENT:
            self._length += len(data)
            if self._fits() and self._wants():
                self._text.append(data)
        elif self._path in _SHORT:
            self._length += len(data)
            if self._length > _SHORT[self._path]:
                raise self._xml.refused("ENV-01", f"{self._path[-1]} dài bất thường")
            self._text.append(data)

    # --- the parts of the envelope ------------------------------------------------------------------------

    def _begin_package(self) -> None:
        if not self._facility:
            raise self._xml.refused("ENV-01", "thiếu mã cơ sở (THONGTINDONVI/MACSKCB) trước danh sách hồ sơ")
        self._made += 1
        if self._made > self._limits.packages:
            raise self._xml.refused(
                "ENV-03", f"quá {self._limits.packages} hồ sơ trong một tệp", "đề nghị nơi gửi chia nhỏ tệp"
            )
        self._package = Package(self._made, self._xml.line)

    def _end_package(self) -> None:
        if self._package is not None:
            self._package.facility, self._package.day = self._facility, self._day
            self._ready.append(self._package)
        self._package = None

    def _end_short(self, path: Path) -> None:
        said = "".join(self._text).strip()
        if path == _KIND:
            self._sheet().kind = said.upper()
        elif path == _FACILITY:
            self._facility = said
        elif path == _COUNT:
            self._count = said
        else:
            self._day = said

    def _sheet(self) -> Sheet:
        assert self._package is not None  # FILEHOSO stands inside HOSO
        return self._package.sheets[-1]

    def _wants(self) -> bool:
        """Content of tables that are never taken is not even kept in memory; its kind comes first as a rule."""
        return self._sheet().kind not in self._unwanted

    def _fits(self) -> bool:
        """Base64 takes four characters for three bytes; an oversized table holds its claim, not the file."""
        if self._length <= self._limits.table // 3 * 4 + MIB:
            return True
        self._sheet().oversize, self._text = True, []
        return False

    def _start_open(self, tag: str, attributes: dict[str, str]) -> None:
        if self._open is None:
            self._open, self._nodes, self._text = ET.TreeBuilder(), 0, []
            self.variants["XML con để thẳng, không base64"] += 1
        elif not self._open_depth:
            raise self._xml.refused("ENV-04", "một NOIDUNGFILE chứa nhiều XML con")
        self._nodes += 1
        if self._nodes > self._limits.nodes:
            raise self._xml.refused("XML-03", "một bảng có quá nhiều phần tử")
        self._path = (*self._path, tag)
        self._open.start(tag, attributes)
        self._open_depth += 1

    def _end_content(self) -> None:
        sheet = self._sheet()
        if sheet.text or sheet.tree is not None:
            raise self._xml.refused("ENV-04", "một FILEHOSO có nhiều NOIDUNGFILE")
        if self._open is not None:
            tree = self._open.close()
            sheet.tree = tree if self._wants() and not sheet.oversize else None
            self._open = None
        else:
            sheet.text = "".join(self._text)
        self._text, self._length = [], 0

    def _check_whole(self) -> None:
        if not self._made:
            raise self._xml.refused("ENV-01", "không có hồ sơ nào (THONGTINHOSO/DANHSACHHOSO/HOSO)", line=0)
        if not self._count.isascii() or not self._count.isdigit() or int(self._count) != self._made:
            said = f"ghi «{shown(self._count)}»" if self._count else "bỏ trống"
            what = f"SOLUONGHOSO {said} nhưng đếm được {self._made} hồ sơ"
            raise self._xml.refused("ENV-03", what, "đề nghị nơi gửi kiểm tra đủ hồ sơ rồi gửi lại", line=0)
