"""Processes that do business and put it on record until they are killed: `python …/writer.py <worker> <worker> …`.

They fork from one that has imported everything; it says their pids, then each says that it has begun.
"""

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


def work(worker: str) -> None:
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
            os.write(1, b"begun\n")


def main(workers: list[str]) -> None:
    """Start the workers, say their pids, wait for the end of them all."""
    go, started = os.pipe()
    pids = []
    for worker in workers:
        pid = os.fork()
        if not pid:
            os.read(go, 1)  # not before the pids are said
            work(worker)
        pids.append(pid)
    print(*pids, flush=True)
    os.write(started, b"." * len(pids))
    for pid in pids:
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
