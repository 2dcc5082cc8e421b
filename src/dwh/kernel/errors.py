"""Every refusal the program makes on purpose. Anything else that escapes is a bug.

The message is Vietnamese, complete, safe to show, and names what to do next; facts are for the log.
"""

from __future__ import annotations

from typing import Any, ClassVar


class DwhError(Exception):
    """A refusal with a message for the person and facts for the log."""

    code: ClassVar[str] = "dwh.error"
    status: ClassVar[int] = 400

    def __init__(self, message_vi: str, **facts: Any) -> None:
        super().__init__(message_vi)
        self.message_vi = message_vi
        self.facts = facts


class Invalid(DwhError):
    code, status = "dwh.invalid", 422


class UnknownField(Invalid):
    code = "query.unknown_field"


class TooManyRows(Invalid):
    code = "query.too_many_rows"


class Denied(DwhError):
    code, status = "access.denied", 403


class NotFound(DwhError):
    """The object does not exist for this person; another unit's object is not told apart from none."""

    code, status = "dwh.not_found", 404


class Conflict(DwhError):
    code, status = "dwh.conflict", 409


class Cancelled(DwhError):
    code, status = "run.cancelled", 409


class SourceDown(DwhError):
    code, status = "source.down", 503


class ContractBroken(DwhError):
    """A source no longer looks as its contract says; this source stops, the others go on."""

    code, status = "source.contract_broken", 409


class DamagedFile(DwhError):
    """A stored file does not match its manifest."""

    code, status = "file.damaged", 500


class AuditFailed(DwhError):
    """A build's own checks found rows or đồng missing; nothing is published."""

    code, status = "build.audit_failed", 409
