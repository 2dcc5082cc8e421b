"""The figures of the scorecard against a recount in plain Python over the hand-written rows of the release."""

from __future__ import annotations

from collections import Counter

import pytest

from dwh.governance import scorecard
from dwh.governance.scorecard import Asked, Chosen
from dwh.operations.quality.tests import conftest as more
from tests.failed_fixture import FLAGGED, HELD, REJECTED
from tests.personas import TODAY
from tests.units_fixture import DN, HN, SUCCESSOR
from tests.warehouse_fixture import STAGED

pytestmark = [pytest.mark.usefixtures("release"), pytest.mark.req("C-19")]

# written by hand, not read from the program: what each check of these rows is about, and who is asked what
ABOUT = {
    "TST-C01": "accuracy", "TST-C06": "accuracy", "GD-H02": "accuracy", "TST-N01": "accuracy", "TST-N03": "accuracy",
    "GD-H05": "accuracy", "GD-H06": "accuracy", "XD-T02": "accuracy", "TST-C03": "completeness",
    "TST-N04": "completeness", "XD-T05": "timeliness",
}  # fmt: skip
ASKED = {
    "accuracy": {"tst_dong_ca_nhan", "gd_ho_so", "tst_nguoi_tham_gia", "tcs_chi_tra_thang"},
    "completeness": {"tst_dong_ca_nhan", "gd_ho_so", "tst_nguoi_tham_gia"},
    "timeliness": {"tcs_chi_tra_thang"},
}


def home(office: str | None, by_province: bool) -> str:
    """The unit of today that an office's rows count for; '' when nobody knows it."""
    now = HN if office == HN else SUCCESSOR.get(office or "", "")
    return now[: now.rindex(".")] if by_province and now.count(".") == 2 else now


def rows_there_are():
    """Yield (table, office, month, codes, how many read) of every row; what staging took comes in heaps."""
    for row in (*STAGED, *more.STAGED):
        yield row[1], row[2], None if row[3] == "none" else row[3], (), row[4]
    for row in (*HELD, *REJECTED, more.REJECTED):
        yield row[1], row[5], row[6], row[3] or ["rejected"], 1
    for row in (*FLAGGED, *more.FLAGGED):
        yield row[1], row[4], row[5], row[3], 0  # it is in staging already


def recount(*, by_province=True, since="2025-05", until="2025-08", undated=True, inside=""):
    """Return unit → {"read", criterion: (asked, failed)}, row by row."""
    found: dict[str, Counter[str]] = {}
    for table, office, month, codes, n in rows_there_are():
        unit = home(office, by_province)
        if not unit.startswith(inside) or not (since <= month <= until if month else undated):
            continue
        sums = found.setdefault(unit, Counter())
        sums["read"] += n
        for criterion in ASKED:
            if table in ASKED[criterion]:
                sums[f"{criterion} asked"] += n
                sums[f"{criterion} failed"] += any(
                    ABOUT.get(c, "accuracy" if c == "rejected" else "") == criterion for c in codes
                )
    return {
        unit: {"read": s["read"]} | {c: (s[f"{c} asked"], s[f"{c} failed"]) for c in ASKED}
        for unit, s in found.items()
    }


def counted(who, **asked):
    found = scorecard.look(Asked(**asked), by=who, today=TODAY, purpose="kiểm thử")
    return {
        count.unit: {"read": count.read} | {str(c): (s.asked, s.failed) for c, s in count.shares.items()}
        for count in found.counts
    }


def test_provinces_of_the_nation_are_counted_as_by_hand(tuan):
    expected = recount()
    assert counted(tuan) == expected
    assert set(expected) == {HN, DN, ""}
    assert expected[HN]["timeliness"] == (3, 1)  # the hand-written rows say something about every criterion
    assert expected[HN]["completeness"][1] == expected[DN]["completeness"][1] == 1


def test_offices_of_a_province_are_counted_as_by_hand_and_add_up_to_it(tuan, lan):
    offices = recount(by_province=False, inside=HN)
    assert counted(tuan, org=HN) == counted(lan) == offices
    assert sum(one["read"] for one in offices.values()) == recount()[HN]["read"]


@pytest.mark.parametrize(("since", "until"), [("2025-06", "2025-06"), ("2025-07", "2025-08")])
@pytest.mark.parametrize("undated", [True, False])
def test_a_period_counts_its_months_and_rows_without_one_only_when_asked(tuan, since, until, undated):
    period = {"since": since, "until": until, "undated": undated}
    assert counted(tuan, **period) == recount(**period)


def test_a_source_counts_its_own_tables(tuan):
    assert counted(tuan, source="benefits")[HN] == {
        "read": 3, "accuracy": (3, 1), "completeness": (0, 0), "timeliness": (3, 1),
    }  # fmt: skip


def test_the_rows_listed_are_those_the_figure_counts(tuan):
    for criterion in ASKED:
        chosen = Chosen(scorecard.Criterion(criterion))
        page = scorecard.rows(Asked(), chosen, by=tuan, today=TODAY, purpose="kiểm thử")
        assert len(page.rows) == page.share.failed == sum(one[criterion][1] for one in recount().values())
