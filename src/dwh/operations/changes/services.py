"""Every act of people on requests for change: one verb, one transaction, one entry in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from dwh.governance.access.models import Account
from dwh.governance.access.services import permissions_of, post_of
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound
from dwh.kernel.vi import number, strip_marks
from dwh.operations.changes import rules
from dwh.operations.changes.models import ChangeRequest, ChangeStep
from dwh.operations.changes.rules import SHORTEST_REASON, STATE_LABELS, Act, Kind, State, Viewer

SHORTEST_TITLE, LONGEST_NOTE = 5, 2_000  # characters; ours
OPENED = "open"  # the first step of a history; every other is named by its act


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts: as the rules know him, as the log remembers him, and when."""

    who: Viewer
    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)


@dataclass(frozen=True, slots=True)
class Text:
    """What a request says. `definition` and `completeness` are asked of a new data element only."""

    kind: str
    title: str
    what: str
    why: str
    wanted_by: date | None = None
    table: str = ""
    column: str = ""
    definition: str = ""
    completeness: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who does the work, until when, and what there is to say about it."""

    to: str
    due_on: date | None
    note: str = ""


def viewer_of(account: Account, today: date) -> Viewer:
    """Return a person as the rules of requests know him today."""
    return Viewer(account.email, account.unit_code, post_of(account, today), permissions_of(account, today))


@transaction.atomic
def open_request(text: Text, *, unit_name: str, by: Acting) -> ChangeRequest:
    """Open a request of the person's unit; it waits for the head of the unit.

    Raises:
        Denied: he may not open requests. Invalid: something of the text is missing, naming the field.

    Source: QC-DWH Điều 8.4; QĐ-2366 Điều 10.2.1 (a unit proposes a data element of its own).
    """
    if rules.OPEN not in by.who.permissions:
        raise Denied("Ông/bà không lập yêu cầu thay đổi. Cán bộ nghiệp vụ của đơn vị lập, thủ trưởng duyệt.")
    _must_be_whole(text, by.today)
    request = ChangeRequest(
        origin_unit=by.who.unit, origin_name=unit_name, opened_by=by.actor.email, opened_name=by.actor.name,
        opened_at=by.now,
    )  # fmt: skip
    _write_text(request, text)
    request.save()
    _keep(request, OPENED, by)
    record(
        "change.opened", by=by.actor, about=f"change:{request.pk}", kind=request.kind, title=request.title,
        unit=request.origin_unit,
    )  # fmt: skip
    return request


@transaction.atomic
def edit_request(pk: int, text: Text, *, by: Acting) -> ChangeRequest:
    """Write a request anew, before the head of the unit approved it or after it was returned.

    Raises:
        NotFound: none that he sees. Conflict: it went on. Denied: it is another's. Invalid: something is missing.

    Source: QC-DWH Điều 8.4.
    """
    request = _locked(pk, Act.EDIT, by)
    _must_be_whole(text, by.today)
    before = _words(request)
    _write_text(request, text)
    request.revision += 1
    _move(request, Act.EDIT, by)
    record(
        "change.edited", by=by.actor, about=f"change:{pk}", before=before, after=_words(request),
        revision=request.revision,
    )  # fmt: skip
    return request


@transaction.atomic
def withdraw_request(pk: int, reason: str, *, by: Acting) -> ChangeRequest:
    """Take a request back before the head of the unit approved it.

    Raises:
        NotFound: none that he sees. Conflict: it went on. Denied: it is another's. Invalid: no reason.

    Source: QC-DWH Điều 8.4.
    """
    request = _locked(pk, Act.WITHDRAW, by)
    said = _reason(reason)
    _move(request, Act.WITHDRAW, by, said)
    record("change.withdrawn", by=by.actor, about=f"change:{pk}", reason=said)
    return request


@transaction.atomic
def approve_request(pk: int, *, revision: int, note: str = "", by: Acting) -> ChangeRequest:
    """Approve a request for the unit, or for the sector's leadership when the unit has approved it.

    Raises:
        NotFound: none that he sees. Denied: it is not his to decide, or his own.
        Conflict: it went on, or was edited since it was read.

    Source: QC-DWH Điều 8.4; docs/adr/0006, docs/adr/0018.
    """
    request = _locked(pk, Act.APPROVE, by)
    _must_be_read(request, revision)
    said = _said(note)
    if request.state == State.DRAFT:
        request.unit_approved_by = by.actor.email
    else:
        request.leader_approved_by = by.actor.email
    _move(request, Act.APPROVE, by, said)
    record(
        "change.approved", by=by.actor, about=f"change:{pk}", state=request.state, revision=revision,
        note=said,
    )  # fmt: skip
    return request


@transaction.atomic
def return_request(pk: int, reason: str, *, revision: int, by: Acting) -> ChangeRequest:
    """Give a request back to its author to be mended; both approvals are asked for again.

    Raises:
        NotFound: none that he sees. Denied: it is not his to decide. Invalid: no reason.
        Conflict: it went on, or was edited since it was read.

    Source: QC-DWH Điều 8.4; docs/adr/0018.
    """
    request = _locked(pk, Act.RETURN, by)
    _must_be_read(request, revision)
    said = _reason(reason)
    request.unit_approved_by = ""
    _move(request, Act.RETURN, by, said)
    record("change.returned", by=by.actor, about=f"change:{pk}", reason=said)
    return request


@transaction.atomic
def reject_request(pk: int, reason: str, *, revision: int, by: Acting) -> ChangeRequest:
    """End a request that is not approved.

    Raises:
        NotFound: none that he sees. Denied: it is not his to decide. Invalid: no reason.
        Conflict: it went on, or was edited since it was read.

    Source: QC-DWH Điều 8.4; docs/adr/0018.
    """
    request = _locked(pk, Act.REJECT, by)
    _must_be_read(request, revision)
    said = _reason(reason)
    _move(request, Act.REJECT, by, said)
    record("change.rejected", by=by.actor, about=f"change:{pk}", reason=said)
    return request


@transaction.atomic
def assign_request(pk: int, work: Assignment, *, by: Acting) -> ChangeRequest:
    """Name who of the IT Centre does the work and until when; again, with a reason, when that changes.

    Raises:
        NotFound: none that he sees. Conflict: it is not approved, or has ended. Denied: he does not assign work.
        Invalid: no person, no day, a day that is over, or no reason for another person or day.

    Source: QC-DWH Điều 8.4, 10.4.
    """
    request = _locked(pk, Act.ASSIGN, by)
    to = _said(work.to)
    if not 2 <= len(to) <= 120:
        raise Invalid("Ghi họ tên người thực hiện của Trung tâm CNTT (2 đến 120 ký tự).", field="nguoi")
    if work.due_on is None or work.due_on < by.today:
        raise Invalid("Chọn hạn xong là hôm nay hoặc một ngày sau.", field="han")
    note = _reason(work.note) if request.state == State.ASSIGNED else _said(work.note)
    before = {"to": request.assigned_to, "due_on": str(request.due_on or "")}
    request.assigned_to, request.due_on = to, work.due_on
    _move(request, Act.ASSIGN, by, f"{to}, hạn {work.due_on:%d/%m/%Y}." + (f" {note}" if note else ""))
    record(
        "change.assigned", by=by.actor, about=f"change:{pk}", before=before,
        after={"to": to, "due_on": str(work.due_on)}, note=note,
    )  # fmt: skip
    return request


@transaction.atomic
def finish_request(pk: int, note: str, *, by: Acting) -> ChangeRequest:
    """Close a request with what was done.

    Raises:
        NotFound: none that he sees. Conflict: nobody was assigned, or it has ended. Denied: he does not close work.
        Invalid: nothing said of what was done.

    Source: QC-DWH Điều 10.4.
    """
    request = _locked(pk, Act.FINISH, by)
    said = _reason(note, "Hãy ghi đã làm gì bằng một câu (ít nhất 10 ký tự) rồi đóng yêu cầu.")
    _move(request, Act.FINISH, by, said)
    record("change.done", by=by.actor, about=f"change:{pk}", note=said)
    return request


def seen_by(pk: int, who: Viewer) -> ChangeRequest:
    """Return a request as one person may see it. Raises NotFound: there is none for him."""
    request = ChangeRequest.objects.select_related("drift").filter(pk=pk).first()
    if request is None or not rules.sees(request, who):
        raise _none(pk)
    return request


def to_edit(pk: int, *, by: Acting) -> ChangeRequest:
    """Return a request its author may write anew. Raises as `edit_request` does."""
    with transaction.atomic():
        return _locked(pk, Act.EDIT, by)


def search_words_of(request: ChangeRequest) -> str:
    """Return everything a request is found by, without marks."""
    words = (
        request.pk, request.title, request.what, request.why, request.table, request.column, request.definition,
        request.origin_name, request.opened_name, request.assigned_to,
    )  # fmt: skip
    return strip_marks(" ".join(str(word) for word in words if word))


def _locked(pk: int, act: Act, by: Acting) -> ChangeRequest:
    request = ChangeRequest.objects.select_for_update().filter(pk=pk).first()
    if request is None or not rules.sees(request, by.who):
        raise _none(pk)
    if rules.next_state(request.state, act) is None:
        raise Conflict(
            f"Yêu cầu {pk} đang ở tình trạng «{STATE_LABELS[State(request.state)]}», việc này không làm được nữa. "
            "Mở lại yêu cầu để xem tình trạng mới.",
            state=request.state,
        )
    if not rules.may(act, request, by.who):
        raise Denied(_refused(act, request, by.who), act=str(act))
    return request


def _refused(act: Act, request: ChangeRequest, who: Viewer) -> str:
    if act in rules.OF_AUTHORS:
        return f"Chỉ người lập ({request.opened_name}) sửa hoặc rút yêu cầu này."
    if act in rules.DECISIONS and who.email == request.opened_by:
        return "Không ai tự duyệt yêu cầu của mình. Thủ trưởng đơn vị hoặc người cùng thẩm quyền khác duyệt."
    if act in rules.DECISIONS and who.email == request.unit_approved_by:
        return "Ông/bà đã duyệt yêu cầu này cho đơn vị. Một Lãnh đạo Ngành khác duyệt tiếp."
    return f"Việc này thuộc {rules.awaited(request)}. Chờ người có thẩm quyền làm."


def _none(pk: int) -> NotFound:
    return NotFound("Không có yêu cầu này. Chọn một yêu cầu trong danh sách.", change=pk)


def _move(request: ChangeRequest, act: Act, by: Acting, note: str = "") -> None:
    """Bring a request to the state its act leads to; that there is one, and that he may, was asked."""
    request.state = rules.MOVES[State(request.state), act]
    request.ended_at = by.now if request.state in rules.ENDED else None
    _keep(request, act, by, note)


def _keep(request: ChangeRequest, act: str, by: Acting, note: str = "") -> None:
    request.search_words = search_words_of(request)
    request.save()
    ChangeStep.objects.create(
        request=request, act=act, state=request.state, by=by.actor.email, by_name=by.actor.name, at=by.now, note=note
    )  # fmt: skip


def _write_text(request: ChangeRequest, text: Text) -> None:
    is_element = text.kind == Kind.ELEMENT
    request.kind, request.title = text.kind, text.title.strip()
    request.what, request.why, request.wanted_by = text.what.strip(), text.why.strip(), text.wanted_by
    request.table, request.column = text.table.strip(), text.column.strip()
    request.definition = text.definition.strip() if is_element else ""
    request.completeness = text.completeness.strip() if is_element else ""


def _words(request: ChangeRequest) -> dict[str, str]:
    names = ("kind", "title", "what", "why", "table", "column", "definition", "completeness", "wanted_by")
    return {name: str(getattr(request, name) or "") for name in names}


def missing_of(text: Text, today: date) -> list[tuple[str, str]]:
    """Return what a text lacks, as the field and a sentence; nothing when it may be opened."""
    if text.kind not in set(Kind) - {Kind.SOURCE}:
        return [("loai", "Chọn loại yêu cầu trong danh sách.")]
    wanted = [
        ("tieu_de", text.title, SHORTEST_TITLE, "Ghi tiêu đề ngắn gọn"),
        ("noi_dung", text.what, SHORTEST_REASON, "Ghi rõ cần thay đổi gì"),
        ("ly_do", text.why, SHORTEST_REASON, "Ghi lý do, căn cứ"),
    ]
    if text.kind == Kind.ELEMENT:
        wanted += [
            ("dinh_nghia", text.definition, SHORTEST_REASON, "Ghi định nghĩa của tiêu thức"),
            ("day_du", text.completeness, SHORTEST_REASON, "Ghi khi nào tiêu thức phải có giá trị"),
        ]
    lacks = [
        (field, f"{ask} (ít nhất {n} ký tự).") for field, said, n, ask in wanted if len(said.strip()) < n
    ]
    if text.wanted_by is not None and text.wanted_by < today:
        lacks.append(("can_truoc", "Ngày cần xong đã qua. Chọn hôm nay hoặc ngày sau, hoặc để trống."))
    return lacks


def _must_be_whole(text: Text, today: date) -> None:
    for field, ask in missing_of(text, today):
        raise Invalid(ask, field=field)


def _must_be_read(request: ChangeRequest, revision: int) -> None:
    if request.revision != revision:
        raise Conflict(
            f"Yêu cầu {request.pk} vừa được người lập sửa (lần {request.revision}). Đọc lại rồi quyết định.",
            revision=request.revision,
        )


def _reason(text: str, ask: str = "Hãy ghi lý do bằng một câu (ít nhất 10 ký tự).") -> str:
    said = _said(text)
    if len(said) < SHORTEST_REASON:
        raise Invalid(ask, field="y_kien")
    return said


def _said(text: str) -> str:
    """Return what somebody wrote beside an act, without what no database keeps."""
    said = text.replace("\x00", "").strip()
    if len(said) > LONGEST_NOTE:
        raise Invalid(
            f"Ý kiến dài quá {number(LONGEST_NOTE)} ký tự. Rút gọn, hoặc nêu số văn bản thay cho nội dung.",
            field="y_kien",
        )
    return said
