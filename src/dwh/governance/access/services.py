"""Every change to access: one verb, one transaction, one audit entry. And the two questions all pages ask."""

from __future__ import annotations

from datetime import date

from dwh.governance.access import rules
from dwh.governance.access.models import AccessGrant, Account
from dwh.kernel.org.scope import OrgScope


def _grants(account: Account, today: date) -> list[AccessGrant]:
    return list(AccessGrant.objects.holding_on(today).filter(account=account))


def permissions_of(account: Account, today: date) -> frozenset[str]:
    """Return everything `account` may do today; a closed account may do nothing.

    Source: QC-DWH Điều 3.4, 3.5.
    """
    return rules.permissions_in(grant.group for grant in _grants(account, today))


def scope_for(account: Account, permission: str, today: date, subject: str | None = None) -> OrgScope:
    """Return the units over which `account` may do `permission` today, for `subject` (None: for any).

    Source: QĐ-2366 Điều 5.3 (by function and area).
    """
    return OrgScope.of(
        grant.org_code
        for grant in _grants(account, today)
        if permission in rules.PERMISSIONS[rules.Group(grant.group)] and grant.names_subject(subject)
    )
