"""Every act on submissions: one verb, one transaction, one entry in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from dwh.datapath.sources.contract import source_names
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound
from dwh.kernel.org.models import OrgUnit
from dwh.kernel.org.scope import OrgScope, Tier
from dwh.operations.submissions import rules
from dwh.operations.submissions.models import Requirement, Submission
from dwh.operations.submissions.rules import Frequency

SHORTEST = 5  # characters of a guide or a note; ours


@dataclass(frozen=True, slots=True)
class Wish:
    """What a software asks of a tier, as typed."""

    source: str
    sender_tier: str
    frequency: str
    due_day: str
    guide: str


@transaction.atomic
def set_requirement(wish: Wish, *, by: Actor, now: datetime) -> Requirement:
    """Set how often and until which day a tier reports for a software; what held before ends.

    Raises:
        Invalid: no such software, tier or frequency, a day beyond 1 to 28, no guide.

    Source: QĐ-3582 III.2a.
    """
    if wish.source not in source_names() or wish.sender_tier not in {Tier.OFFICE, Tier.PROVINCE}:
        raise Invalid("Chọn phần mềm và cấp gửi trong danh sách.")
    if wish.frequency not in set(Frequency):
        raise Invalid("Chọn kỳ báo cáo trong danh sách.")
    if not wish.due_day.isdecimal() or not 1 <= int(wish.due_day) <= rules.LAST_DUE_DAY:
        raise Invalid(f"Hạn gửi là một ngày từ 1 đến {rules.LAST_DUE_DAY} của tháng sau kỳ báo cáo.")
    if len(wish.guide.strip()) < SHORTEST:
        raise Invalid("Hãy ghi văn bản hoặc hướng dẫn của phần mềm yêu cầu báo cáo này.")
    held = Requirement.objects.select_for_update().in_force()
    before = held.filter(source=wish.source, sender_tier=wish.sender_tier).first()
    since = timezone.localdate(now)
    if before is not None:
        since = (
            before.since if before.frequency == wish.frequency else since
        )  # its past periods stay in sight
        before.ended_at = now
        before.save(update_fields=["ended_at"])
    made = Requirement.objects.create(
        source=wish.source, sender_tier=wish.sender_tier, frequency=wish.frequency, due_day=int(wish.due_day),
        guide=wish.guide.strip(), since=since, set_by=by.email,
    )  # fmt: skip
    record(
        "submission.required", by=by, about=f"source:{wish.source}", tier=wish.sender_tier, frequency=wish.frequency,
        due_day=made.due_day, guide=made.guide,
    )  # fmt: skip
    return made


@dataclass(frozen=True, slots=True)
class Place:
    """Which report is meant: of which requirement, which unit, which period (its first day)."""

    requirement: int
    unit: str
    period: date


@transaction.atomic
def mark_sent(place: Place, *, note: str, by: Actor, scope: OrgScope, now: datetime) -> Submission:
    """Put on record that a unit sent its report.

    Raises:
        NotFound: no such requirement, or the unit is not in the person's area or of that tier.
        Invalid: not a period of it, or nothing said about what was sent. Conflict: it was marked already.

    Source: QĐ-3582 III.2a.
    """
    asked = Requirement.objects.in_force().filter(pk=place.requirement).first()
    today = timezone.localdate(now)
    units = OrgUnit.objects.existing_on(today).filter(pk=place.unit)
    if asked is None or not scope.covers(place.unit) or not units.filter(tier=asked.sender_tier).exists():
        raise NotFound("Không có báo cáo này trong địa bàn của ông/bà. Chọn một dòng trong danh sách.")
    if place.period not in rules.periods(asked.frequency, asked.since, today):
        raise Invalid("Kỳ này chưa hết hoặc không thuộc lịch gửi. Chọn một kỳ trong danh sách.")
    if len(note.strip()) < SHORTEST:
        raise Invalid("Hãy ghi đã gửi gì, bằng cách nào (ít nhất 5 ký tự).")
    key = {"source": asked.source, "unit": place.unit, "frequency": asked.frequency, "period": place.period}
    if Submission.objects.filter(**key).exists():
        raise Conflict("Báo cáo này đã được ghi là đã gửi.")
    due = rules.due_on(place.period, asked.frequency, asked.due_day)
    made = Submission.objects.create(
        **key, due_on=due, sent_at=now, sent_by=by.email, note=note.strip()[:400]
    )
    record(
        "submission.sent", by=by, about=f"submission:{made.pk}", org_code=place.unit, source=asked.source,
        period=place.period.isoformat(), due_on=due.isoformat(), late=today > due,
    )  # fmt: skip
    return made


@transaction.atomic
def mark_received(pk: int, *, by: Actor, scope: OrgScope, now: datetime) -> Submission:
    """Put on record that the higher tier received a report.

    Raises:
        NotFound: no such report for this receiver. Denied: the sender himself. Conflict: it was received.

    Source: QĐ-3582 III.2a.
    """
    row = Submission.objects.select_for_update().filter(pk=pk).first()
    if row is None or not scope.covers(rules.receiver_of(row.unit)):
        raise NotFound("Không có báo cáo này trong các báo cáo gửi đến đơn vị của ông/bà.")
    if row.sent_by == by.email:
        raise Denied("Người gửi không tự xác nhận đã nhận. Người của đơn vị nhận xác nhận.")
    if row.received_at is not None:
        raise Conflict("Báo cáo này đã được xác nhận.")
    row.received_by, row.received_at = by.email, now
    row.save(update_fields=["received_by", "received_at"])
    record("submission.received", by=by, about=f"submission:{pk}", org_code=row.unit, source=row.source)
    return row
