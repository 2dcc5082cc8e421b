"""A person's own rights in words, for «Quyền của tôi» (QC-DWH Điều 3.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dwh.governance.access.models import AccessGrant, Account
from dwh.governance.access.rules import ALL_SUBJECTS, GROUP_LABELS, Group
from dwh.kernel.org.scope import NATION
from dwh.kernel.org.services import name_of


@dataclass(frozen=True, slots=True)
class Right:
    """One grant as the person reads it."""

    group: str
    area: str
    subjects: str
    valid_from: date
    valid_until: date | None
    document_no: str
    decided_by: str
    holds: bool

    @property
    def last_day(self) -> date | None:
        """Return the last day it holds; `valid_until` is the first day it no longer does."""
        return self.valid_until and self.valid_until - timedelta(days=1)


def rights_of(account: Account, today: date) -> list[Right]:
    """Return every right `account` was ever given, the ones that hold today first."""
    holding = set(AccessGrant.objects.holding_on(today).filter(account=account).values_list("pk", flat=True))
    grants = account.grants.order_by("-valid_from", "pk")
    return sorted((_right(grant, grant.pk in holding) for grant in grants), key=lambda right: not right.holds)


def _right(grant: AccessGrant, holds: bool) -> Right:
    return Right(
        group=GROUP_LABELS[Group(grant.group)],
        area=_area(grant.org_code),
        subjects="Mọi chủ đề" if ALL_SUBJECTS in grant.subjects else ", ".join(grant.subjects),
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
        document_no=grant.document_no,
        decided_by=grant.decided_by,
        holds=holds,
    )


def _area(org_code: str) -> str:
    return "Toàn quốc" if org_code == NATION else name_of(org_code)
