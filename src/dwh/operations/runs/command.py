"""What the command line does through the run table and the gate."""

from __future__ import annotations

import getpass
import json
from datetime import date

from django.utils import timezone

from dwh.datapath.pipeline.order import USUAL, Order
from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.query import Query
from dwh.datapath.settings import DataPathSettings
from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.kernel.actor import Actor, Origin
from dwh.kernel.audit.services import record_denied
from dwh.kernel.errors import Denied, DwhError, Invalid
from dwh.operations.runs import pause_services, services
from dwh.operations.runs.execution import execute
from dwh.operations.runs.processes import this_worker
from dwh.operations.runs.rules import Kind
from dwh.operations.runs.services import Outcome

AT_THE_SERVER = Origin("cli")


def run_here(kind: str, source: str, *, settings: DataPathSettings, order: Order = USUAL) -> Outcome:
    """Do a run in this process, as a row of the run table like any other; `order` is of a build.

    Source: QC-DWH Điều 12.5.
    """
    by = operator()
    services.end_abandoned(now=timezone.now())
    run = services.ask_run(Kind(kind), source=source, by=by, now=timezone.now(), worker=this_worker())
    if order.accept_loss:
        services.accept_loss(run, order.accept_loss, by=by)
    return execute(run, settings, on_terminal=True, by=by, order=order)


def pause_here(source: str, reason: str, last_day: date | None) -> str:
    """Pause a source as who types at this machine, and say so.

    Source: QC-DWH Điều 12.5.
    """
    held = pause_services.pause_source(source, reason, last_day, by=operator(), now=timezone.now())
    return f"Nguồn «{source}» {pause_services.pause_words(held)}."


def resume_here(source: str) -> str:
    """Let a paused source be read again, as who types at this machine, and say so.

    Source: QC-DWH Điều 12.5.
    """
    pause_services.resume_source(source, by=operator(), now=timezone.now())
    return f"Nguồn «{source}» được đọc tiếp từ lượt kế tiếp."


def ask_as(email: str, text: str, form: str) -> str:
    """Return the answer of `answer_as` as JSON or CSV."""
    return written(answer_as(email, text), form)


def written(answer: Answer, form: str) -> str:
    return answer.to_csv() if form == "csv" else json.dumps(answer.to_json(), ensure_ascii=False)


def answer_as(email: str, text: str) -> Answer:
    """Answer the query document `text` with the rights of the account `email`; the gate logs it.

    Raises:
        Invalid: the document is not JSON or not a query.
        Denied: there is no such active account, or it may not see what is asked.

    Source: QĐ-2366 Điều 4.2.4, Điều 5.
    """
    account = Account.objects.active().filter(email=email).first()
    by = account.as_actor(AT_THE_SERVER) if account else operator()
    try:
        if account is None:
            raise Denied(f"Không có tài khoản đang hoạt động «{email}». Xem danh sách: dwh demo accounts.")
        query = Query.from_json(_document(text))
        return gate.ask(
            query, by=account, purpose="dwh ask", today=timezone.localdate(), origin=AT_THE_SERVER
        )
    except DwhError as refusal:
        if not refusal.facts.get("on_record"):
            record_denied("query.refused", by=by, about=email, code=refusal.code, message=refusal.message_vi)
        raise


def operator() -> Actor:
    """Return who types at this machine: the account of the operating system."""
    name = getpass.getuser()
    return Actor(email=f"{name}@localhost", name=name, unit="00.CNTT", origin="cli")


def _document(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Invalid(
            f"Tài liệu truy vấn không phải JSON hợp lệ (dòng {error.lineno}, cột {error.colno}). "
            "Sửa chỗ đó rồi hỏi lại.",
            line=error.lineno,
        ) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets without end
        raise Invalid(
            "Tài liệu truy vấn có số quá dài hoặc lồng quá sâu, không đọc được. Viết lại theo mẫu trong README."
        ) from error
