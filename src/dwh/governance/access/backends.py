"""What keeps a session alive: an active account, looked up on every request.

A locked account is out at its next request, whatever its session says (QĐ-2366 Điều 6.2).
"""

from __future__ import annotations

from django.http import HttpRequest

from dwh.governance.access.models import Account
from dwh.kernel.law import QC_DWH, cites


class ActiveAccounts:
    """Finds the account of a session. Signing in is `services.sign_in`, after IAM has spoken."""

    @cites(QC_DWH.art("5.1"))
    def authenticate(self, request: HttpRequest | None, **credentials: object) -> None:
        """Accept nobody: the DWH verifies no credentials of its own."""
        return

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.active().filter(pk=user_id).first()
