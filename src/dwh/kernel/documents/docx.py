"""Write a `Table` as a text document (Office Open XML): head rows repeat, numbers right, nothing to click.

A few parts of the format are enough for one table, so no library is needed; text is escaped, never markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from dwh.kernel.documents.pdf import column_widths
from dwh.kernel.documents.table import Cell, Head, Row, Table

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BORDERS: Final = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_LONG, _SHORT = 16838, 11906  # A4 in twentieths of a point

_FILES: Final = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_RELATION}/officeDocument" Target="word/document.xml"/></Relationships>',
}


def render_docx(table: Table) -> bytes:
    """Return the document of `table` on A4 (landscape over 7 columns).

    Source: NĐ 30/2020 (heading, margins).
    """
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        for name, text in _FILES.items():
            package.writestr(name, text)
        package.writestr("word/document.xml", _document(table))
    return buffer.getvalue()


def _document(table: Table) -> str:
    wide = table.width > 7
    size = 14 if wide else 20  # half points
    top = [
        _words(
            f"BẢO HIỂM XÃ HỘI VIỆT NAM{'  ·  ' + table.agency.upper() if table.agency else ''}", bold=True
        ),
        _words("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, align="center"),
        _words("Độc lập - Tự do - Hạnh phúc", bold=True, align="center"),
        _words(table.title.upper(), bold=True, align="center", size=26),
        *(_words(line, italic=True, align="center") for line in table.subtitles),
        _words("; ".join(f"{name}: {value}" for name, value in table.parameters)),
        _words(table.unit_note, italic=True, align="right"),
    ]
    end = [_words(line, italic=True) for line in (*table.footnotes, table.meta.sentence)]
    end += [_words("        ".join(signer.upper() for signer in table.signers), bold=True, align="center")]
    long, short = (_LONG, _SHORT) if wide else (_SHORT, _LONG)
    turned = ' w:orient="landscape"' if wide else ""
    page = (
        f'<w:sectPr><w:pgSz w:w="{long}" w:h="{short}"{turned}/>'
        '<w:pgMar w:top="1134" w:bottom="1134" w:left="1701" w:right="1021" w:header="567" w:footer="567"'
        ' w:gutter="0"/></w:sectPr>'
    )
    body = "".join(top) + _table(table, size, long - 1701 - 1021) + "".join(end)
    return f"{_HEAD}<w:document {_W}><w:body>{body}{page}</w:body></w:document>"


def _table(table: Table, size: int, room: int) -> str:
    needed = column_widths(table)
    grid = "".join(f'<w:gridCol w:w="{round(room * width / sum(needed))}"/>' for width in needed)
    look = f'<w:tblPr><w:tblW w:w="{room}" w:type="dxa"/><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>'
    rows = "".join(_head_row(table, at, size) for at in range(len(table.heads)))
    rows += "".join(_body_row(row, size) for row in table.rows)
    return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _head_row(table: Table, at: int, size: int) -> str:
    cells: list[tuple[int, str]] = []
    for row, column, head in table.placed_heads():
        if row <= at < row + head.rows:
            cells.append((column, _head_cell(head, first=row == at, size=size)))
    return f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{''.join(cell for _, cell in sorted(cells))}</w:tr>"


def _head_cell(head: Head, *, first: bool, size: int) -> str:
    merge = ('<w:vMerge w:val="restart"/>' if first else "<w:vMerge/>") if head.rows > 1 else ""
    span = f'<w:gridSpan w:val="{head.span}"/>' if head.span > 1 else ""
    text = head.lines.replace("\n", " ") if first else ""
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{_words(text, bold=True, align='center', size=size)}</w:tc>"


def _body_row(row: Row, size: int) -> str:
    return f"<w:tr>{''.join(_cells(row.cells, row.style in {'total', 'sub'}, size))}</w:tr>"


def _cells(cells: Iterable[Cell], strong: bool, size: int) -> Iterable[str]:
    for cell in cells:
        align = "right" if cell.is_number else "left"
        yield f"<w:tc><w:tcPr/>{_words(cell.text, bold=strong, align=align, size=size)}</w:tc>"


def _words(
    text: str, *, bold: bool = False, italic: bool = False, align: str = "left", size: int = 22
) -> str:
    """Return one paragraph; `size` is in half points."""
    look = f"{'<w:b/>' if bold else ''}{'<w:i/>' if italic else ''}"
    font = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
    return (
        f'<w:p><w:pPr><w:spacing w:after="0"/><w:jc w:val="{align}"/></w:pPr>'
        f'<w:r><w:rPr>{font}{look}<w:sz w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )
