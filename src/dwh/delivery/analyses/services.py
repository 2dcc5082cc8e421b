"""Every act on saved analyses: one verb, one transaction, one entry in the log. The figures are never touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.tables.view import View
from dwh.delivery.analyses.models import AnalysisShare, Favourite, SavedAnalysis
from dwh.governance.sharing import rules
from dwh.governance.sharing.documents import kept_query
from dwh.governance.sharing.people import Acting
from dwh.governance.sharing.rules import ShareState, Viewer
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Invalid, NotFound
from dwh.kernel.vi import strip_marks


@dataclass(frozen=True, slots=True)
class Label:
    """What a person calls an analysis."""

    name: str
    folder: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """The two JSON texts of an analysis: its question, and how it is shown."""

    query: str
    view: str = ""


@transaction.atomic
def save_analysis(label: Label, document: Document, *, by: Acting) -> SavedAnalysis:
    """Keep a question under a name.

    Raises:
        Invalid: no name, a question that is none, or one that filters by a person. Denied: a subject not his.
        Conflict: he has one of this name.

    Source: QC-DWH Điều 3.2b.
    """
    query, view = _read(document, by.who)
    if SavedAnalysis.objects.own(by.who).filter(archived_at=None).count() >= rules.MAX_SAVED:
        raise Conflict(
            f"Ông/bà đã lưu {rules.MAX_SAVED} phân tích. Xóa bớt phân tích không dùng rồi lưu lại."
        )
    analysis = SavedAnalysis(
        owner_id=by.who.account, owner_unit=by.who.unit, subject=query.subject, query=query.to_json(),
        view=view.to_json(), created_at=by.now, changed_at=by.now,
    )  # fmt: skip
    _name(analysis, label)
    _store(analysis)
    record(
        "analysis.saved", by=by.actor, about=f"saved:{analysis.pk}", name=analysis.name,
        subject=analysis.subject,
    )  # fmt: skip
    return analysis


@transaction.atomic
def overwrite_analysis(pk: int, document: Document, *, by: Acting) -> SavedAnalysis:
    """Keep another question or view under the same name; approved shares outside the unit are asked for again.

    Raises:
        NotFound: none of his. Invalid: a question that is none. Denied: a subject not his.

    Source: QC-DWH Điều 3.2b; QĐ-3582 II.4.4 (the head approved what he read: our rule).
    """
    analysis = own(pk, by.who)
    query, view = _read(document, by.who)
    again = analysis.query != query.to_json()
    analysis.subject, analysis.query, analysis.view = query.subject, query.to_json(), view.to_json()
    analysis.owner_unit, analysis.changed_at = by.who.unit, by.now
    _name(analysis, Label(analysis.name, analysis.folder, analysis.notes))
    _store(analysis)
    waiting = _ask_again(analysis) if again else 0
    record(
        "analysis.changed", by=by.actor, about=f"saved:{pk}", name=analysis.name, subject=query.subject,
        waiting=waiting,
    )  # fmt: skip
    return analysis


@transaction.atomic
def rename_analysis(pk: int, label: Label, *, by: Acting) -> SavedAnalysis:
    """Give an analysis another name, folder or notes.

    Raises:
        NotFound: none of his. Invalid: no name. Conflict: he has another of this name.

    Source: QC-DWH Điều 3.2b.
    """
    analysis = own(pk, by.who)
    before = {"name": analysis.name, "folder": analysis.folder}
    _name(analysis, label)
    analysis.changed_at = by.now
    _store(analysis)
    after = {"name": analysis.name, "folder": analysis.folder}
    record("analysis.renamed", by=by.actor, about=f"saved:{pk}", before=before, after=after)
    return analysis


@transaction.atomic
def archive_analysis(pk: int, *, by: Acting) -> SavedAnalysis:
    """Take an analysis out of every list; `restore_analysis` brings it back.

    Raises:
        NotFound: none of his, or taken out already.

    Source: QC-DWH Điều 3.2b (our rule: nothing is deleted).
    """
    analysis = own(pk, by.who)
    analysis.archived_at = by.now
    _store(analysis)
    record("analysis.archived", by=by.actor, about=f"saved:{pk}", name=analysis.name)
    return analysis


@transaction.atomic
def restore_analysis(pk: int, *, by: Acting) -> SavedAnalysis:
    """Bring an analysis back.

    Raises:
        NotFound: none of his that was taken out. Conflict: another has its name now.

    Source: QC-DWH Điều 3.2b.
    """
    analysis = (
        SavedAnalysis.objects.own(by.who).select_for_update().filter(pk=pk).exclude(archived_at=None).first()
    )
    if analysis is None:
        raise none(pk)
    analysis.archived_at = None
    _store(analysis)
    record("analysis.restored", by=by.actor, about=f"saved:{pk}", name=analysis.name)
    return analysis


@transaction.atomic
def mark_favourite(pk: int, *, on: bool, by: Acting) -> SavedAnalysis:
    """Put a person's star on an analysis he sees, or take it off.

    Raises:
        NotFound: none that he sees.

    Source: QC-DWH Điều 3.2b.
    """
    analysis = seen(pk, by.who)
    if on:
        Favourite.objects.get_or_create(analysis=analysis, account_id=by.who.account)
        record("analysis.starred", by=by.actor, about=f"saved:{pk}")
    else:
        Favourite.objects.filter(analysis=analysis, account_id=by.who.account).delete()
        record("analysis.unstarred", by=by.actor, about=f"saved:{pk}")
    return analysis


def seen(pk: int, who: Viewer) -> SavedAnalysis:
    """Return an analysis that exists for a person. Raises NotFound."""
    found = SavedAnalysis.objects.visible_to(who).select_related("owner").filter(pk=pk, archived_at=None)
    analysis = found.first()
    if analysis is None:
        raise none(pk)
    return analysis


def own(pk: int, who: Viewer) -> SavedAnalysis:
    """Return an analysis of the person's own, locked for a change. Raises NotFound."""
    found = SavedAnalysis.objects.own(who).select_for_update().filter(pk=pk, archived_at=None).first()
    if found is None:
        raise none(pk)
    return found


def none(pk: int) -> NotFound:
    return NotFound(
        "Không có phân tích đã lưu này, hoặc chưa được chia sẻ với ông/bà. Mở danh sách Phân tích đã lưu.",
        analysis=pk,
    )


def _read(document: Document, who: Viewer) -> tuple[Query, View]:
    return kept_query(document.query, who), View.from_text(document.view)


def _name(analysis: SavedAnalysis, label: Label) -> None:
    name, folder, notes = (_said(text) for text in (label.name, label.folder, label.notes))
    if not rules.SHORTEST_NAME <= len(name) <= rules.LONGEST_NAME:
        raise Invalid(
            f"Đặt tên phân tích từ {rules.SHORTEST_NAME} đến {rules.LONGEST_NAME} ký tự.", field="ten"
        )
    if len(folder) > 80:
        raise Invalid("Tên thư mục dài quá 80 ký tự. Rút gọn lại.", field="thu_muc")
    if len(notes) > rules.LONGEST_NOTE:
        raise Invalid("Ghi chú dài quá 2.000 ký tự. Rút gọn lại.", field="ghi_chu")
    analysis.name, analysis.folder, analysis.notes = name, folder, notes
    subject = load_catalog().subject(analysis.subject).label
    analysis.search_words = strip_marks(" ".join((name, folder, notes, subject))).lower()


def _said(text: str) -> str:
    """Return what somebody typed, on one line for names, without what no database keeps."""
    return text.replace("\x00", "").strip()


def _store(analysis: SavedAnalysis) -> None:
    try:
        with transaction.atomic():
            analysis.save()
    except IntegrityError as twice:
        raise Conflict(
            f"Ông/bà đã có phân tích tên «{analysis.name}». Đặt tên khác, hoặc mở phân tích ấy rồi lưu đè.",
            field="ten",
        ) from twice


def _ask_again(analysis: SavedAnalysis) -> int:
    approved = AnalysisShare.objects.filter(analysis=analysis, state=ShareState.ACTIVE, is_outside=True)
    cleared: dict[str, Any] = {"decided_by": "", "decided_name": "", "decided_at": None, "note": ""}
    return approved.update(state=ShareState.WAITING, **cleared)
