"""What the command line does with files to be loaded: who acts, what is said, and that a refusal is on record."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone

from dwh.datapath.settings import DataPathSettings
from dwh.governance.access.models import Account
from dwh.kernel.actor import Actor, Origin
from dwh.kernel.audit.services import record_denied
from dwh.kernel.errors import Denied, DwhError
from dwh.operations.loads import services
from dwh.operations.loads.models import PlannedLoad

AT_THE_SERVER = Origin("cli")
_MOST_SHOWN = 20
Say = Callable[[str], None]


def load_claims(path: Path, *, into: DataPathSettings, say: Say, warn: Say) -> None:
    """Load a claim file as whoever types at this machine; say the outcome, warn of every held claim shown.

    Source: QC-DWH Điều 4.3.
    """
    name = getpass.getuser()
    by = Actor(email=f"{name}@localhost", name=name, unit="00.CNTT", origin="cli")
    with _on_record(by, "claims.file_refused", path.name):
        report = services.load_claims(path, into=into, by=by, now=timezone.now())
    facts = report.entry.facts
    for problem in facts["problems"][:_MOST_SHOWN] if not report.is_repeat else ():
        warn(problem["message"])
    more = facts["held"] + facts["refused_members"] - _MOST_SHOWN
    if more > 0 and not report.is_repeat:
        warn(f"Còn {more} lỗi khác, đủ trong landing/claim_files/files/{report.entry.number:06d}.held.jsonl.")
    say(report.sentence)


def prepare(path: Path, plan: str, email: str, *, into: DataPathSettings, report: str, say: Say) -> None:
    """Preview and keep a file under a plan, as the account `email`; say what it would do.

    Source: QĐ-2366 Điều 5.1.
    """
    account, actor = _who(email, path.name)
    with _on_record(actor, "load.refused", path.name):
        load = services.prepare_load(
            path, services.Plan(plan, report), by=account, actor=actor, into=into, now=timezone.now()
        )
    for line in load.preview["lines"]:
        say(line)
    say(
        f"Chờ duyệt: số {load.pk}. Người duyệt (khác người chuẩn bị) chạy: dwh load approve {load.pk} --as <hộp thư>."
    )


def approve(pk: int, email: str, *, into: DataPathSettings, say: Say) -> None:
    """Approve and land a prepared file as the account `email`.

    Source: QĐ-2366 Điều 5.1.
    """
    account, actor = _who(email, f"load:{pk}")
    with _on_record(actor, "load.refused", f"load:{pk}"):
        load, report = services.approve_load(pk, by=account, actor=actor, into=into, now=timezone.now())
    gone = f", bỏ {report.deleted} dòng của bản trước" if report.deleted else ""
    say(
        f"Đã nạp «{load.file_name}» theo kế hoạch {load.plan}: {report.landed} dòng, giữ lại {report.held}{gone}."
    )


def decline(pk: int, email: str, reason: str, *, say: Say) -> None:
    """Turn a prepared file down as the account `email`.

    Source: QĐ-2366 Điều 5.1.
    """
    account, actor = _who(email, f"load:{pk}")
    with _on_record(actor, "load.refused", f"load:{pk}"):
        load = services.decline_load(pk, by=account, actor=actor, reason=reason, now=timezone.now())
    say(f"Không duyệt lần nạp số {load.pk} («{load.file_name}»).")


def lines() -> Iterator[str]:
    """Return one line per planned load, newest first; before the first one, what would prepare it."""
    if not PlannedLoad.objects.exists():
        yield "Chưa có lần nạp nào. Chuẩn bị một lần bằng: dwh load preview TỆP --plan SỐ --as NGƯỜI."
    for load in PlannedLoad.objects.all()[:100]:
        decided = f", {load.decided_by}" if load.decided_by else ""
        yield (
            f"{load.pk}  {load.get_state_display()}  {load.report.upper()}  {load.plan}  {load.file_name}  "
            f"({load.prepared_by}{decided})"
        )


def _who(email: str, about: str) -> tuple[Account, Actor]:
    account = Account.objects.active().filter(email=email.strip().lower()).first()
    if account is None:
        message = f"Không có tài khoản đang hoạt động «{email}». Xem danh sách: dwh demo accounts."
        by = Actor(email=email[:254], name=email[:120], unit="", origin="cli")
        record_denied("load.refused", by=by, about=about, code=Denied.code, message=message)
        raise Denied(message)
    return account, account.as_actor(AT_THE_SERVER)


@contextmanager
def _on_record(by: Actor, action: str, about: str) -> Iterator[None]:
    """Put a refusal on record, after what was refused rolled back."""
    try:
        yield
    except DwhError as refusal:
        record_denied(action, by=by, about=about, code=refusal.code, message=refusal.message_vi)
        raise
