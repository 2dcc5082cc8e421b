"""Opens the demonstration's accounts through the same verbs a real administrator uses."""

from __future__ import annotations

import django
from django.db import transaction

django.setup()

from datetime import date  # noqa: E402

from demo.people import load_people  # noqa: E402
from dwh.governance.access import services  # noqa: E402
from dwh.governance.access.models import Account  # noqa: E402
from dwh.kernel.actor import Actor  # noqa: E402

OPENED_ON = date(2026, 1, 5)  # the demonstration's papers are dated then
PAPER = "01/QĐ-TRÌNH-DIỄN"  # an invented decision number


def main() -> None:
    """Open one account and one grant per demonstration person that has a group."""
    clerk = Actor(email="demo@dwh", name="Bản trình diễn", unit="00.CNTT", origin="cli")
    with transaction.atomic():
        for person in load_people():
            if person.group and not Account.objects.filter(email=person.email).exists():
                newcomer = services.NewAccount(
                    person.email, person.staff_code, person.name, person.unit_code, unit_name=person.unit_code
                )
                account = services.open_account(newcomer, by=clerk, today=OPENED_ON)
                terms = services.Terms(
                    person.group,
                    person.org_code,
                    document_no=PAPER,
                    decided_by="Bản trình diễn",
                    subjects=person.subjects,
                )
                services.grant(account, terms, by=clerk, today=OPENED_ON)


if __name__ == "__main__":
    main()
