"""Reading a published release."""

import threading

import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.engine import TooSlow
from dwh.datapath.warehouse.release import current_release, release_named, release_order, releases
from dwh.kernel.errors import Cancelled, NotFound, TooManyRows
from tests.warehouse_fixture import CLAIMS, LINES, RELEASE, STOCK, tiny_release

SLOW = "SELECT count(*) FROM range(1000000000) a(x), range(1000) b(y) WHERE x % 7 = y % 5"


@pytest.fixture
def release(tmp_path):
    return current_release(tiny_release(tmp_path))


def test_the_tiny_release_holds_what_it_says(tmp_path):
    release = current_release(tiny_release(tmp_path))
    counted = {
        table: release.fetch(f"SELECT count(*) FROM core.{table}", limit=1)[1][0][0]
        for table in ("fct_contribution", "fct_participation", "fct_claim")
    }
    assert counted == {
        "fct_contribution": len(LINES),
        "fct_participation": len(STOCK),
        "fct_claim": len(CLAIMS),
    }


def test_sums_come_back_as_exact_integers(release):
    _, rows = release.fetch("SELECT SUM(due_vnd), SUM(collected_vnd) FROM core.fct_contribution", limit=1)
    assert rows == [(sum(line[7] for line in LINES), sum(line[8] for line in LINES))]
    assert all(type(value) is int for value in rows[0])


def test_a_missing_release_names_the_remedy(tmp_path):
    settings = DataPathSettings(home=tmp_path)
    with pytest.raises(NotFound, match="dwh run"):
        current_release(settings)
    assert releases(settings) == []


def test_an_unknown_release_is_not_found(release):
    with pytest.raises(NotFound, match=r"2020-01-01\.1"):
        release_named("2020-01-01.1", release.settings)
    with pytest.raises(NotFound):
        release_named("../..", release.settings)
    assert release_named(RELEASE, release.settings) == release


def test_too_many_rows_are_refused_without_reading_the_rest(release):
    with pytest.raises(TooManyRows, match=r"1\.000"):  # the rest would take hours
        release.fetch("SELECT x FROM range(100000000000) r(x)", limit=1000)
    assert len(release.fetch("SELECT x FROM range(1000) r(x)", limit=1000)[1]) == 1000


def test_a_slow_question_is_interrupted_and_the_next_one_answered(release):
    with pytest.raises(TooSlow, match=r"0\.2 giây"):
        release.fetch(SLOW, limit=1, timeout_s=0.2)
    assert release.fetch("SELECT 1", limit=1) == (["1"], [(1,)])


def test_only_the_question_that_nobody_waits_for_is_interrupted(release):
    asked = threading.Event()
    beside: list[object] = []

    def other() -> None:
        asked.wait()
        beside.append(release.fetch("SELECT count(*) FROM range(300000000) r(x) WHERE x % 7 = 3", limit=1)[1])

    thread = threading.Thread(target=other)
    thread.start()
    with pytest.raises(Cancelled, match="Câu hỏi đã được dừng theo yêu cầu"):
        release.fetch(SLOW, limit=1, timeout_s=60, stopped=lambda: asked.set() is None)
    thread.join()
    assert beside == [[(42_857_143,)]]


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM read_text('/etc/hostname')", "SET memory_limit='10GB'", "DELETE FROM core.dim_org"]
)
def test_serving_touches_no_other_file_and_changes_nothing(release, sql):
    with pytest.raises(Exception, match=r"disabled|locked|read-only"):
        release.fetch(sql, limit=10)


def test_threads_ask_the_same_release_at_once(release):
    answers: list[int] = []

    def ask() -> None:
        for _ in range(20):
            answers.append(release.fetch("SELECT SUM(due_vnd) FROM core.fct_contribution", limit=1)[1][0][0])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [sum(line[7] for line in LINES)] * 80


def test_the_tenth_release_of_a_day_follows_the_ninth():
    assert (
        sorted(["2026-11-22.10", "2026-11-22.9", "2026-11-21.11"], key=release_order)[-1] == "2026-11-22.10"
    )
