"""Writers and sealers killed at random moments, on the embedded database and on PostgreSQL."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.places import python
from tests.postgres import binaries, postgres_server

KILLS = 8
CHECK = """
import django; django.setup()
from django.db import connection
from django.utils import timezone
from dwh.kernel.audit.services import seal, verify
before = verify()
seal(timezone.now(), everything=True)
after = verify()
with connection.cursor() as cursor:
    cursor.execute("SELECT (SELECT count(*) FROM business), (SELECT count(*) FROM audit_auditrecord), "
                   "(SELECT count(*) FROM audit_auditleaf), (SELECT count(*) FROM business b WHERE NOT EXISTS "
                   "(SELECT 1 FROM audit_auditrecord r WHERE r.object = 'business:' || b.worker || ':' || b.number))")
    print(*cursor.fetchone())
print(*[p for p in before.problems if "chưa ghi kịp" not in p], *after.problems, sep="\\n", end="")
"""
BEGIN = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE business (worker varchar(9), number integer)")
"""


@pytest.mark.slow
@pytest.mark.req("I-01")
def test_killed_writers_leave_one_record_per_deed_and_a_whole_log(place):
    python(BEGIN, place)
    dice = random.Random(7)
    writers = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("writer.py")), *(f"w{n}" for n in range(KILLS))],
        env=place, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writers.stdout is not None
    pids = [int(pid) for pid in writers.stdout.readline().split()]
    assert [writers.stdout.readline() for _ in pids] == ["begun\n"] * KILLS
    for victim in pids:
        time.sleep(dice.uniform(0.01, 0.15))  # a random moment is the point, not a wait for something
        os.kill(victim, signal.SIGKILL)
    writers.communicate()
    counts, _, problems = python(CHECK, place).partition("\n")
    deeds, records, places, without_record = map(int, counts.split())
    assert deeds == records == places
    assert deeds > KILLS
    assert without_record == 0
    assert problems == ""


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.req("I-01")
@pytest.mark.skipif(binaries() is None, reason="no PostgreSQL server here")
def test_the_log_and_the_rights_behave_the_same_on_postgresql(tmp_path):
    folders = ["src/dwh/kernel/audit", "src/dwh/kernel/org", "src/dwh/governance/access"]
    with postgres_server() as server:
        environment = {**os.environ, "DWH_SECRET_KEY": "test", "DWH_DATABASE_URL": server.create_database()}
        environment.pop("PYTEST_XDIST_WORKER", None)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *folders, "-m", "not slow", "-p", "no:cacheprovider", "-p", "no:randomly"],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
