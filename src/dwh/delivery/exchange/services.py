"""Taking data out: one verb, answered by the gate, put on record before the file leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.tables.caption import title_of
from dwh.datapath.tables.view import Format
from dwh.delivery.exchange.files import (
    ExportFile,
    file_stem,
    format_named,
    make_file,
    refuse_a_long_wait,
    refuse_too_many_cells,
)
from dwh.delivery.exchange.sheet import Printing, table_of
from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.governance.access.services import scope_for
from dwh.kernel import vi
from dwh.kernel.actor import Actor, Origin
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Denied, Invalid
from dwh.kernel.progress import Progress, Silent

EXPORT = "data:export"
PICTURES = ("png", "svg")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be taken out: a question, the format of the file, and the conditional formats a workbook carries."""

    query: Query
    kind: str
    formats: tuple[Format, ...] = ()


def export_pivot(
    asked: Asked,
    *,
    by: Account,
    now: datetime,
    origin: Origin,
    seen: Progress | None = None,
) -> ExportFile:
    """Return the file of one question: exactly what `by` sees of it, in full.

    Raises:
        Denied: `by` may not take data out, or not from where the question asks.
        TooManyRows: more than the gate answers at once, or than the format holds.
        TooLargeNow: `seen` is None and the file is too large to make while somebody waits.

    Source: QĐ-2366 Điều 5.3 (within one's area), Điều 9.6 (each export on record, with person and time).
    """
    query, kind = asked.query, asked.kind
    chosen, today = format_named(kind), timezone.localdate(now)
    progress = seen or Silent()
    progress.step("Đang hỏi số liệu")
    answer = gate.ask(query, by=by, purpose=f"kết xuất {kind}", today=today, origin=origin, permission=EXPORT)
    refuse_too_many_cells(answer)
    if seen is None:
        refuse_a_long_wait(answer)
    progress.step("Đang dựng bảng")
    printing = Printing(
        person=f"{by.full_name} ({by.email})",
        printed_at=vi.datetime_vi(now),
        data_until=gate.current_release_info().data_until,
        labels=gate.filter_labels(query, by=by, today=today),
        formats=asked.formats,
    )
    table = table_of(answer, load_catalog().subject(query.subject), printing)
    made = make_file(chosen, answer, table, progress)
    _put_on_record(made, asked, answer.release, by.as_actor(origin))
    return made


def _put_on_record(made: ExportFile, asked: Asked, release: str, actor: Actor) -> None:
    with transaction.atomic():
        record(
            "export.made", by=actor, about=f"subject:{asked.query.subject}", purpose=f"kết xuất {asked.kind}",
            format=asked.kind, rows=made.rows, bytes=len(made.content), sha256=made.sha256, release=release,
            file=made.name,
        )  # fmt: skip


def note_image(query: Query, kind: str, *, by: Account, now: datetime, origin: Origin) -> str:
    """Put on record that a person takes the chart of a question out as a picture; return the name of the file.

    The browser draws it from the answer it shows, which the gate gave; it is taken out like a file, so it is on
    record like one.

    Raises:
        Invalid: no kind of picture. Denied: `by` may not take data of the subject out.

    Source: QĐ-2366 Điều 9.6 (each export on record, with person and time).
    """
    if kind not in PICTURES:
        raise Invalid("Không có dạng ảnh này. Chọn PNG hoặc SVG.")
    if scope_for(by, EXPORT, timezone.localdate(now), query.subject).is_empty:
        raise Denied(
            "Ông/bà chưa được kết xuất số liệu của chủ đề này. Khi cần cho công việc, đề nghị cấp quyền."
        )
    release = gate.current_release_info().id
    title = title_of(query, load_catalog().subject(query.subject))
    name = file_stem(title, release)
    with transaction.atomic():
        record(
            "export.made", by=by.as_actor(origin), about=f"subject:{query.subject}", purpose=f"ảnh biểu đồ {kind}",
            format=kind, release=release, file=f"{name}.{kind}",
        )  # fmt: skip
    return name
