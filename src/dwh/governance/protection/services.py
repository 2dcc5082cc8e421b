"""Who is cleared to see personal values, today."""

from __future__ import annotations

from datetime import date

from dwh.governance.access.models import Account
from dwh.kernel.law import CV_BVDLCN, cites


@cites(CV_BVDLCN.art("I.3"))
def clearance_of(account: Account, today: date) -> frozenset[str]:
    """Return the classes of personal fields `account` may see unmasked today.

    Nobody is cleared before written assignments are kept here (row A-51, a later capability).

    Source: CV-BVDLCN I.3 (only by written assignment).
    """
    return frozenset()
