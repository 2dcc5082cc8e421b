"""Every change to access: one verb, one transaction, one audit entry. And the questions all pages ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from dwh.governance.access import rules
from dwh.governance.access.models import AccessGrant, Account
from dwh.kernel.actor import Actor, Origin
from dwh.kernel.audit.models import AuditRecord, AuditRecordQuerySet
from dwh.kernel.audit.services import record, record_denied, record_sign_in
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound
from dwh.kernel.law import CV_907, QC_DWH, QD_2366, QD_3582, cites
from dwh.kernel.org.scope import OrgScope


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Who is to get an account: the sector mailbox, the person's code in the personnel system, the unit."""

    email: str
    person_code: str
    full_name: str
    unit_code: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a decision gives: a group, over a unit, for subjects, between two days, by which paper of whom.

    `valid_from` None means the day it is carried out; `valid_until` None means until revoked.
    """

    group: str
    org_code: str
    document_no: str
    decided_by: str
    subjects: tuple[str, ...] = (rules.ALL_SUBJECTS,)
    valid_from: date | None = None
    valid_until: date | None = None


def permissions_of(account: Account, today: date) -> frozenset[str]:
    """Return everything `account` may do today; a closed account may do nothing.

    Source: QC-DWH Điều 3.4, 3.5.
    """
    return rules.permissions_in(grant.group for grant in _grants(account, today))


def post_of(account: Account, today: date) -> rules.Authority | None:
    """Return the post `account` holds today, none for most.

    Source: QC-DWH Điều 8.4; docs/adr/0018.
    """
    return rules.post_of({grant.group for grant in _grants(account, today)}, account.unit_code)


@cites(QD_2366.art("5.2"), QD_3582.art("II.4.1¶4"))
def scope_for(account: Account, permission: str, today: date, subject: str | None = None) -> OrgScope:
    """Return the units over which `account` may do `permission` today, for `subject` (None: for any).

    Source: QĐ-2366 Điều 5.3 (by function and area).
    """
    return OrgScope.of(
        grant.org_code
        for grant in _grants(account, today)
        if permission in rules.PERMISSIONS[rules.Group(grant.group)] and grant.names_subject(subject)
    )


def subjects_for(account: Account, permission: str, today: date) -> frozenset[str]:
    """Return the subjects `account` may do `permission` on today; «*» stands for all.

    Source: QĐ-2366 Điều 5.2.
    """
    held = (g for g in _grants(account, today) if permission in rules.PERMISSIONS[rules.Group(g.group)])
    return frozenset(subject for grant in held for subject in grant.subjects)


@cites(QC_DWH.art("13.2"))
def log_seen_by(account: Account, today: date) -> AuditRecordQuerySet:
    """Return the log `account` may read: the people of the area an administrator looks after, else his own acts.

    Source: QC-DWH Điều 13.2; QĐ-2366 Điều 10.1.4.
    """
    area = scope_for(account, "log:view", today)
    log = AuditRecord.objects.all()
    return (
        log.of_person(account.email)
        if area.is_empty
        else log.by_units_in(area) | log.of_person(account.email)
    )


@cites(QC_DWH.art("3.5"), QC_DWH.art("6.1"))
@transaction.atomic
def open_account(person: NewAccount, *, by: Actor, today: date) -> Account:
    """Open the one account of a person, without any right.

    Raises:
        Invalid: the address is no mailbox of the sector.
        Conflict: the person or the mailbox has an account already.
        Denied: `by` does not administer the unit.

    Source: QC-DWH Điều 3.5, 6.1.
    """
    email = person.email.strip().lower()
    if not rules.is_sector_mailbox(email, settings.SECTOR_MAIL_DOMAINS):
        raise Invalid(
            f"«{email}» không phải hộp thư điện tử ngành. Chỉ mở tài khoản theo hộp thư ngành được cấp.",
            email=email,
        )
    _must_manage(by, person.unit_code, today)
    fields = {"person_code": person.person_code, "full_name": person.full_name}
    unit = {"unit_code": person.unit_code, "unit_name": person.unit_name}
    try:
        with transaction.atomic():
            account = Account.objects.create(email=email, opened_on=today, **fields, **unit)
    except IntegrityError as twice:
        raise Conflict(
            "Người này hoặc hộp thư này đã có tài khoản; mỗi người chỉ được một tài khoản. "
            "Hãy cấp quyền cho tài khoản đang có.",
            email=email,
        ) from twice
    record("account.opened", by=by, about=account, org_code=account.unit_code, after={**fields, **unit})
    return account


@cites(QC_DWH.art("16"), QD_2366.art("6.2.1"))
@transaction.atomic
def close_account(account_id: int, *, reason: str, by: Actor, today: date) -> Account:
    """Close an account and end every right it holds; its next request is refused.

    Raises:
        Conflict: it is closed already.
        Denied: `by` does not administer the unit.

    Source: QĐ-2366 Điều 6.2; QC-DWH Điều 16.
    """
    account = _account_for_change(account_id)
    _must_manage(by, account.unit_code, today)
    if not account.is_active:
        raise Conflict("Tài khoản này đã đóng trước đó.", closed_on=account.closed_on)
    ended = [_end(grant, today) for grant in account.grants.filter(valid_until=None).select_for_update()]
    account.is_active, account.closed_on = False, today
    account.save(update_fields=["is_active", "closed_on"])
    record("account.closed", by=by, about=account, org_code=account.unit_code, reason=reason, ended=ended)
    return account


@cites(QC_DWH.art("3.4c"), QD_2366.art("7.1"))
@transaction.atomic
def grant(account: Account, terms: Terms, *, by: Actor, today: date) -> AccessGrant:
    """Carry out a decision on paper: give `account` a group over a unit.

    Raises:
        Invalid: no document number, days the wrong way round, or an unknown group.
        Denied: given to oneself, by someone who does not administer the area, or to a person whose
            unit may not hold the group.
        Conflict: the account is closed, or holds this right already.

    Source: QC-DWH Điều 3.4, 6, 13.1; QĐ-2366 Điều 7.1. Nobody grants to himself: our rule, docs/adr/0006.
    """
    holder = _account_for_change(account.pk)
    since = terms.valid_from or today
    _check_terms(terms, since)
    if by.account_id == holder.pk:
        raise Denied("Không ai được tự cấp quyền cho mình. Đề nghị quản trị khác thực hiện theo văn bản.")
    _must_manage(by, terms.org_code, today, group=terms.group)
    if not holder.is_active:
        raise Conflict("Tài khoản đã đóng. Mở lại tài khoản theo văn bản trước khi cấp quyền.")
    if not rules.unit_may_hold(terms.group, holder.unit_code, terms.org_code):
        raise Denied(
            f"Nhóm «{rules.GROUP_LABELS[rules.Group(terms.group)]}» chỉ dành cho người của đơn vị CNTT phụ trách "
            f"địa bàn; {holder.full_name} thuộc {holder.unit_name}.",
            unit=holder.unit_code,
        )
    given = _write_grant(holder, terms, since, by)
    record(
        "access.granted", by=by, about=given, account=holder.email, group=terms.group, subjects=terms.subjects,
        letter=terms.document_no, decided_by=terms.decided_by, valid_from=since, valid_until=terms.valid_until,
    )  # fmt: skip
    return given


@cites(QC_DWH.art("16"))
@transaction.atomic
def revoke(grant_id: int, *, document_no: str, by: Actor, today: date) -> AccessGrant:
    """End a right today, by paper; the holder's next question is refused.

    Raises:
        Invalid: no document number.
        Denied: `by` does not administer the area.
        Conflict: it has ended already.

    Source: QC-DWH Điều 6, 16.
    """
    held = (
        AccessGrant.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(pk=grant_id)
        .first()
    )
    if held is None:
        raise NotFound("Không có quyền truy cập này. Xem lại danh sách quyền đang có hiệu lực.")
    if not document_no.strip():
        raise Invalid("Chưa ghi số văn bản. Việc thu hồi phải theo văn bản; nhập số văn bản rồi làm lại.")
    _must_manage(by, held.org_code, today, group=held.group)
    if held.valid_until is not None and held.valid_until <= today:
        raise Conflict("Quyền này đã hết hiệu lực trước đó.", valid_until=held.valid_until)
    _end(held, today)
    record(
        "access.revoked", by=by, about=held, account=held.account.email, group=held.group, letter=document_no
    )
    return held


@cites(QC_DWH.art("5.2"), CV_907.art("R5"))
def sign_in(email: str, *, origin: Origin, today: date, claims: Mapping[str, Any] | None = None) -> Account:
    """Let a person in whom IAM vouches for; the sign-in, or its refusal, is on record.

    Raises:
        Denied: no account, a closed one, or one without any right today.

    Source: QC-DWH Điều 5.2.
    """
    account = Account.objects.active().filter(email=email.strip().lower()).first()
    if account is None or not _grants(account, today):
        cause = "no_account" if account is None else "no_right"
        who = Actor(email, "", "", None, origin.channel, origin.address, origin.request_id)
        record_denied("access.sign_in_refused", by=account.as_actor(origin) if account else who, cause=cause)
        raise Denied(_not_in(email, has_account=account is not None), cause=cause, on_record=True)
    with transaction.atomic():
        record_sign_in(
            "access.signed_in", by=account.as_actor(origin), subject=str((claims or {}).get("sub", ""))
        )
    return account


def _not_in(email: str, *, has_account: bool) -> str:
    what = "chưa có quyền nào còn hiệu lực trên" if has_account else "chưa được mở tài khoản trên"
    return (
        f"{email} đã đăng nhập IAM nhưng {what} Hệ thống DWH. "
        "Đề nghị lãnh đạo đơn vị gửi danh sách theo Phụ lục 01 (QĐ 2366) để được cấp quyền."
    )


def _grants(account: Account, today: date) -> list[AccessGrant]:
    return list(AccessGrant.objects.holding_on(today).filter(account=account))


def _account_for_change(account_id: int) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound("Không có tài khoản này. Xem lại danh sách tài khoản.")
    return account


def _check_terms(terms: Terms, since: date) -> None:
    if terms.group not in set(rules.Group):
        raise Invalid(f"Không có nhóm người sử dụng «{terms.group}». Chọn một nhóm trong danh mục.")
    if not terms.document_no.strip():
        raise Invalid("Chưa ghi số văn bản. Mọi quyền đều theo văn bản; nhập số văn bản rồi cấp lại.")
    if not terms.decided_by.strip():
        raise Invalid("Chưa ghi người quyết định. Nhập người ký văn bản rồi cấp lại.")
    if not terms.subjects:
        raise Invalid("Chưa chọn chủ đề nào. Chọn ít nhất một chủ đề, hoặc «*» cho mọi chủ đề.")
    if terms.valid_until is not None and terms.valid_until <= since:
        raise Invalid("Ngày hết hiệu lực phải sau ngày có hiệu lực. Xem lại hai ngày trên văn bản.")


def _must_manage(by: Actor, org_code: str, today: date, group: str = "") -> None:
    """Refuse unless `by` is the program itself, or administers `org_code` and may give out `group`."""
    if by.account_id is None:
        return
    admin = Account.objects.active().filter(pk=by.account_id).first()
    groups = (
        {g.group for g in _grants(admin, today) if OrgScope.of([g.org_code]).covers(org_code)}
        if admin
        else set()
    )
    if not rules.may_carry_out(groups, group):
        raise Denied(
            "Ông/bà không quản trị đơn vị này. Chuyển đề nghị đến quản trị ứng dụng phụ trách địa bàn.",
            org=org_code,
        )


def _write_grant(holder: Account, terms: Terms, since: date, by: Actor) -> AccessGrant:
    try:
        with transaction.atomic():
            return AccessGrant.objects.create(
                account=holder, group=terms.group, org_code=terms.org_code, subjects=list(terms.subjects),
                unit_code=holder.unit_code, document_no=terms.document_no.strip(), decided_by=terms.decided_by,
                granted_by_id=by.account_id, valid_from=since, valid_until=terms.valid_until,
            )  # fmt: skip
    except IntegrityError as twice:
        raise Conflict(
            "Người này đang có đúng quyền ấy. Thu hồi quyền cũ trước, rồi cấp quyền mới.",
            account=holder.email,
        ) from twice


def _end(held: AccessGrant, today: date) -> int:
    """End a grant today; one that would only begin later never begins."""
    held.valid_until = max(today, held.valid_from)
    held.save(update_fields=["valid_until"])
    return int(held.pk)
