"""XML of strangers, read as a stream: no document type, no deep nesting, no tag without end; always as UTF-8.

Expat tells of tags and text; whoever listens decides what they mean. The declaration's encoding is not believed:
.NET declares utf-16 and writes UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol
from xml.parsers import expat

from dwh.datapath.sources.files.archive import SEND_AGAIN
from dwh.datapath.sources.files.limits import Limits
from dwh.datapath.sources.files.problem import FileRefused, Place, Problem

IN_UTF8 = "đề nghị nơi gửi xuất lại bằng UTF-8 rồi gửi lại"
_INVALID_TOKEN = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]
_UNFINISHED = {
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
}


class Listener(Protocol):
    """Who is told of what the XML holds; may raise a refusal at any point."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Text comes, in pieces."""


class GuardedXml:
    """One XML being read. `kind` is the refusal raised when it is not to be trusted."""

    def __init__(self, listener: Listener, limits: Limits, kind: type[FileRefused] = FileRefused) -> None:
        self._listener, self._limits, self._kind = listener, limits, kind
        self._depth = 0
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text, parser.buffer_size = True, 65_536
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = listener.text
        self._parser = parser

    @property
    def line(self) -> int:
        return self._parser.CurrentLineNumber

    def read(self, chunks: Iterable[bytes]) -> Iterator[None]:
        """Tell the listener of every chunk, and yield after each so that what is ready can be taken.

        Raises:
            FileRefused, of the kind given: not XML, not UTF-8, cut short, or dangerous.
        """
        fed = 0
        for chunk in chunks:
            if not fed and (chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in chunk[:4]):
                raise self.refused("FMT-11", "XML viết bằng UTF-16", IN_UTF8, line=0)
            fed += len(chunk)
            self._feed(chunk, fed)
            yield
        self._feed(b"", fed, last=True)
        yield

    def refused(self, code: str, what: str, remedy: str = SEND_AGAIN, *, line: int = -1) -> FileRefused:
        """Return the refusal of this XML at the current line, or at `line` (0: none)."""
        return self._kind(Problem(code, what, remedy, Place(line=self.line if line < 0 else line)))

    def _feed(self, chunk: bytes, fed: int, *, last: bool = False) -> None:
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise self._not_xml(error, chunk, fed) from None
        if fed - self._parser.CurrentByteIndex > self._limits.token + len(chunk):
            raise self.refused("XML-03", "có thẻ, thuộc tính hoặc chú thích dài bất thường")

    def _not_xml(self, error: expat.ExpatError, chunk: bytes, fed: int) -> FileRefused:
        if error.code in _UNFINISHED:
            return self.refused("XML-01", "XML bị cắt cụt, thiếu phần cuối", line=error.lineno)
        at = self._parser.ErrorByteIndex - (fed - len(chunk))
        if error.code == _INVALID_TOKEN and _is_not_utf8(chunk[max(at, 0) : at + 4]):
            return self.refused("FMT-11", "chữ không theo bảng mã UTF-8", IN_UTF8, line=error.lineno)
        return self.refused("XML-01", "không phải XML hợp lệ", line=error.lineno)

    def _doctype(self, *_: Any) -> None:
        raise self.refused(
            "XML-02", "khai kiểu tài liệu (DOCTYPE) hoặc thực thể, có thể gây hại",
            "đề nghị nơi gửi bỏ phần DOCTYPE rồi gửi lại",
        )  # fmt: skip

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > self._limits.depth:
            raise self.refused("XML-04", f"các thẻ lồng sâu quá {self._limits.depth} tầng")
        if sum(map(len, attributes)) + sum(map(len, attributes.values())) > self._limits.attributes:
            raise self.refused("XML-03", "thuộc tính dài bất thường")
        self._listener.start(tag, attributes)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        self._listener.end(tag)


def _is_not_utf8(piece: bytes) -> bool:
    """Tell whether no character of UTF-8 begins the piece."""
    return not any(_decodes(piece[:length]) for length in range(1, len(piece) + 1))


def _decodes(piece: bytes) -> bool:
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
