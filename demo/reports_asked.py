"""The calendar of database reports the demonstration begins with, set through the verb an administrator uses.

Without it the page is empty until a first period is over: nobody could send or receive a report on the first day.
"""

from __future__ import annotations

from datetime import UTC, datetime

SET_AT = datetime(2026, 9, 1, 2, tzinfo=UTC)  # two periods are over by the end of the demonstration's data
CALENDAR = (("claims", "province", "monthly", "10"), ("collection", "office", "monthly", "5"))
GUIDE = "Hướng dẫn 01/HD-TRÌNH-DIỄN"  # an invented paper


def ask_for_reports() -> None:
    """Set the calendar of each software that has none; what exists stays."""
    from dwh.kernel.actor import operator  # noqa: PLC0415 -- models need Django to be set up first
    from dwh.operations.submissions.models import Requirement  # noqa: PLC0415
    from dwh.operations.submissions.services import Wish, set_requirement  # noqa: PLC0415

    for source, tier, frequency, day in CALENDAR:
        if not Requirement.objects.filter(source=source, sender_tier=tier).exists():
            wish = Wish(source, tier, frequency, day, GUIDE)
            set_requirement(wish, by=operator("Bản trình diễn"), now=SET_AT)
