"""The door to the rows behind a figure, beside the gate and under its rules: scope, masking and the log live here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from dwh.datapath.origin.statement import Asked, Window
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.check import check
from dwh.datapath.tables.cell import must_be_one_member
from dwh.datapath.warehouse.release import Limits, current_release
from dwh.governance.access.models import Account
from dwh.governance.protection import releases
from dwh.governance.protection.area import area_asked, must_lie_inside, must_meet, units_named
from dwh.governance.protection.asking import refusal_on_record
from dwh.governance.protection.hints import Sight
from dwh.governance.protection.rows import PAGE_ROWS, RowPage, folded, read_rows, rows_on_record
from dwh.governance.protection.services import clearance_of
from dwh.governance.protection.stopping import stop_wish
from dwh.kernel.actor import Origin
from dwh.kernel.errors import Invalid
from dwh.kernel.law import QD_2366, cites

MAX_ROWS = 50_000  # more is an extract by letter: QĐ-2366 Điều 5.2
MAX_START = 10_000_000
TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Which rows a person wants: one page of them, from 1, or the whole as a file."""

    page: int = 1
    is_file: bool = False

    @property
    def window(self) -> Window:
        return Window(0, MAX_ROWS) if self.is_file else Window(PAGE_ROWS * (self.page - 1), PAGE_ROWS)


@cites(QD_2366.art("4.2.4"), QD_2366.art("5.2"), QD_2366.art("5.3.1"))
def rows(
    asked: Asked,
    reading: Reading,
    *,
    by: Account,
    today: date,
    origin: Origin | None = None,
    permission: str = "data:ask",
) -> RowPage:
    """Return rows of the fact behind a cell, as `by` may see them; their sum over all pages is the cell.

    A file takes the right to export as well. The record is committed before a row is read; a refusal is on record.

    Raises:
        Denied: no permission today, not this subject, a unit outside the scope, or a filter on personal data.
        Invalid, UnknownField: the cell does not belong to its question. TooManyRows: a file of more than MAX_ROWS.
        NotFound: nothing was published yet. TooSlow, Cancelled, Conflict: as a question.

    Source: QĐ-2366 Điều 4.2.4 (every access is logged), Điều 5.2 (more is an extract by letter), Điều 5.3.
    """
    actor, purpose = by.as_actor(origin), "kết xuất dòng chi tiết" if reading.is_file else "xem dòng chi tiết"
    document = asked.query.to_json()
    with refusal_on_record(document, actor, purpose):
        scope = area_asked(by, permission, today, asked.query.subject)
        if reading.is_file:
            scope = scope.intersect(area_asked(by, "data:export", today, asked.query.subject))
        release, catalog = current_release(settings.DATAPATH), load_catalog()
        releases.must_have_trees(release)
        subject = catalog.subject(asked.query.subject)
        _must_belong(asked, reading)
        question = folded(asked, subject)
        check(asked.query, catalog, latest_month=release.manifest["data_until"])
        check(question, catalog)
        must_lie_inside(units_named(asked.query), scope)
        must_meet(units_named(question), scope)
        sight = Sight(subject, release, scope, clearance_of(by, today))
        rows_on_record(question, reading.window, by=actor, scope=scope, release=release.id, purpose=purpose)
        how: Limits = {"limit": MAX_ROWS, "timeout_s": TIMEOUT_S, "stopped": stop_wish(by, origin)}
        return read_rows(asked, sight, reading.window, how, most=MAX_ROWS if reading.is_file else None)


def _must_belong(asked: Asked, reading: Reading) -> None:
    subject = load_catalog().subject(asked.query.subject)
    if len(asked.keys) != len(asked.query.rows) + len(asked.query.columns):
        raise Invalid("Ô cần xem không có trong bảng. Mở lại bảng rồi chọn lại ô.")
    must_be_one_member(asked.keys)
    if asked.measure not in subject.measures:
        raise Invalid(
            "Chỉ xem được dòng của từng thành phần. Chọn một thành phần trong phần giải thích của ô."
        )
    if reading.page < 1 or reading.window.start > MAX_START:
        raise Invalid("Không có trang này. Quay lại trang đầu, hoặc thu hẹp ô bằng bộ lọc.")
