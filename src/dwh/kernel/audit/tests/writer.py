"""A process that does business and puts it on record until it is killed: `python -m … <worker>`."""

from __future__ import annotations

import itertools
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dwh.site.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from dwh.kernel.actor import operator  # noqa: E402
from dwh.kernel.audit.services import record, seal  # noqa: E402


def main(worker: str) -> None:
    """Write one business row and its record per transaction; seal now and then. Says when it has begun."""
    by = operator(f"Tiến trình {worker}")
    for number in itertools.count():
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO business (worker, number) VALUES (%s, %s)", [worker, number])
            record("business.done", by=by, about=f"business:{worker}:{number}")
        if number % 5 == 4:
            seal(timezone.now())
        if number == 0:
            print("begun", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
