"""«Cần tổng hợp lại»: what the next build would make again, in the words of the sync page and of `dwh stale`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dwh.datapath.dictionary.words import label_of
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.staleness.figures import Shown, StaleFigure, stale_pages
from dwh.datapath.staleness.outlook import Outlook, outlook
from dwh.datapath.staleness.tables import Reason, StaleTable, Why
from dwh.kernel.errors import DamagedFile, NotFound

ALL_RIGHT = "Mọi bảng đúng công thức hiện hành"
MOST_NAMED = 2
WHY = {
    Why.FORMULA: "công thức của bảng đã đổi",
    Why.NEW: "bảng mới, bản đang công bố chưa có",
    Why.UNLOCKED: "tháng đã mở khóa",
    Why.READS: "đọc bảng đã đổi công thức",
    Why.CODE_LIST: "danh mục đã đổi",
    Why.SHAPE: "bảng nguồn đã đổi cột",
    Why.BATCHES: "có dữ liệu mới",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One table to make again: its label and name, why, and how much of it."""

    label: str
    table: str
    why: str
    months: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the panel shows; `formulas` are figures whose own formula changed, or that of a measure in it."""

    release: str
    lines: tuple[Line, ...]
    subjects: tuple[tuple[str, int], ...]  # label → how many figures stand on these tables
    pages: tuple[str, ...]
    formulas: tuple[StaleFigure, ...]


def name_pages(of: Callable[[], tuple[Shown, ...]]) -> None:
    """Let `of` name the reports and boards there are; the site says so when it starts."""
    global _pages
    _pages = of


def panel(settings: DataPathSettings) -> Ahead | None:
    """Return what the page shows, None without a release that can be read; the page says that elsewhere."""
    try:
        return ahead(outlook(settings))
    except (NotFound, DamagedFile):
        return None


def ahead(found: Outlook) -> Ahead:
    """Return an outlook in words."""
    counted = Counter(figure.subject for figure in found.figures if figure.tables)
    subjects = load_catalog().subjects
    return Ahead(
        found.release,
        tuple(_line(table) for table in found.tables),
        tuple((subjects[name].label, count) for name, count in counted.items()),
        stale_pages(found.figures, _pages()),
        tuple(figure for figure in found.figures if figure.has_other_formula or figure.measures),
    )


def sentences(settings: DataPathSettings) -> Iterator[str]:
    """Yield what `dwh stale` prints: the panel, and the batches that have landed since."""
    found = ahead(outlook(settings, batches=True))
    if not found.lines:
        yield f"{ALL_RIGHT}; bản {found.release} có đủ dữ liệu đã nhận."
    else:
        yield f"Lần tổng hợp tới, so với bản {found.release}, làm lại {len(found.lines)} bảng:"
    for line in found.lines:
        yield f"  {line.table}: {line.why}; {line.months}"
    if found.subjects:
        yield f"Chỉ tiêu tính từ các bảng đó: {', '.join(f'{label} {n}' for label, n in found.subjects)}."
    for figure in found.formulas:
        yield f"Chỉ tiêu «{figure.label}» ({figure.subject}.{figure.name}): {formula_words(figure)}"
    if found.pages:
        yield f"Báo cáo, bảng thông tin bị ảnh hưởng: {'; '.join(found.pages)}."


def formula_words(figure: StaleFigure) -> str:
    """Return how the formula of a figure differs from the one its release was built with."""
    if figure.has_other_formula:
        return f"trước là {figure.was}, nay là {figure.now}."
    return f"công thức của {', '.join(figure.measures)} đã đổi."


def _line(stale: StaleTable) -> Line:
    why = "; ".join(_why(reason) for reason in stale.reasons)
    return Line(_name(stale.table), stale.table, why, _months(stale))


def _why(reason: Reason) -> str:
    if not reason.tables:
        return WHY[reason.why]
    named = ", ".join(_name(table) for table in reason.tables[:MOST_NAMED])
    more = len(reason.tables) - MOST_NAMED
    return f"{WHY[reason.why]}: {named}" + (f" và {more} bảng khác" if more > 0 else "")


def _months(stale: StaleTable) -> str:
    kept = f", giữ nguyên {len(stale.kept)} tháng đã khóa" if stale.kept else ""
    if "all" in (*stale.months, *stale.perhaps):
        return "cả bảng" if stale.months else "cả bảng, nếu bảng nó đọc có số khác"
    if not (stale.months or stale.perhaps or stale.kept):
        return "chưa có tháng nào"
    if not stale.perhaps:
        return f"{len(stale.months)} tháng{kept}"
    if not stale.months:
        return f"tối đa {len(stale.perhaps)} tháng{kept}"
    return f"{len(stale.months)} tháng, tối đa {len(stale.months) + len(stale.perhaps)}{kept}"


def _name(table: str) -> str:
    return label_of(table) or table.partition(".")[2]


def _no_pages() -> tuple[Shown, ...]:
    return ()


_pages: Callable[[], tuple[Shown, ...]] = _no_pages
