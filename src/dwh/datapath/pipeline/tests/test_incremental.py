"""Whatever happens at the sources, building step by step gives the bytes of building at once."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from dwh.datapath.pipeline.plan import Plan
from dwh.datapath.pipeline.tests import kit
from dwh.datapath.pipeline.tests.small_plans import claims_plan, contributions_plan
from dwh.datapath.sources.person_decisions import Action, PersonDecision, add_decisions
from dwh.datapath.warehouse.release import Release, current_release

MONTHS = ("2025-05", "2025-06", "2025-07")
KEYS = st.integers(1, 7)
PLACES = st.sampled_from(("01001", "01501", "00000"))
Act = tuple[Any, ...]

line_acts = st.one_of(
    st.tuples(st.just("write"), KEYS, st.sampled_from(MONTHS), st.integers(1, 6), st.integers(1, 9), PLACES),
    st.tuples(st.just("again"), KEYS),
    st.tuples(st.just("soft delete"), KEYS),
    st.tuples(st.just("delete"), KEYS),
    st.tuples(st.just("person comes"), st.integers(5, 6)),
    st.tuples(st.just("person goes"), st.integers(5, 6)),
    st.tuples(st.just("person renamed"), st.integers(1, 4)),
    st.tuples(
        st.just("one person"),
        st.integers(1, 3),
        st.sampled_from(("đã gộp", "không trùng")),
        st.integers(2, 4),
    ),
    st.tuples(st.just("decided"), st.integers(1, 4), st.sampled_from(("merge", "split"))),
)
decision_acts = st.one_of(
    line_acts,
    st.tuples(st.just("write low"), KEYS, st.sampled_from(MONTHS), st.integers(1, 4)),
    st.tuples(st.just("decide"), KEYS, st.sampled_from(("accept", "reject", "fix"))),
    st.tuples(st.just("decide all"), st.just(0), st.sampled_from(("accept", "reject", "fix"))),
)
claim_acts = st.one_of(
    st.tuples(st.just("send"), KEYS, st.sampled_from(MONTHS), st.integers(1, 3), st.integers(1, 3)),
    st.tuples(st.just("bad date"), KEYS),
    st.tuples(st.just("lines"), KEYS, st.sampled_from(MONTHS), st.integers(1, 3), st.integers(1, 3)),
    st.tuples(st.just("delete"), KEYS),
    st.tuples(st.just("facility loses its contract"), st.sampled_from(MONTHS)),
)
FEW = settings(
    max_examples=int(os.environ.get("DWH_HISTORIES", "3")),
    deadline=None,
    derandomize=True,
    phases=[
        Phase.explicit,
        Phase.generate,
    ],  # a failing history is short already; shrinking would build for minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


class World:
    """A source as it is now, and what has landed of it."""

    def __init__(self, home: Path) -> None:
        self.settings = kit.settings_in(home)
        self.rows = {row["id"]: row for row in FIRST_LINES}
        self.clock = 0

    def land(self, table: str, row: kit.Row) -> None:
        self.clock += 1
        kit.land(self.settings, table, [row | {"updated_at": kit.moment(self.clock)}])

    def decide(self, action: Action, key: int) -> None:
        """Let a clerk join this person to the next, or take it out."""
        self.clock += 1
        numbers = {"number": f"01000000{key:02d}", "other_number": f"01000000{key % 4 + 1:02d}"}
        at = kit.START + timedelta(minutes=self.clock)
        add_decisions(self.settings, [PersonDecision(f"D{self.clock}", at, "NV1", action, "thử", **numbers)])


# persons 5 and 6 are not in the register yet; LK2 was sent twice, in two months
FIRST_LINES = [kit.line(key, MONTHS[key % 3], person=key) for key in range(1, 7)]
FIRST_CLAIMS = [
    kit.claim(1, "202505101000"),
    kit.claim(2, "202505111000"),
    kit.claim(3, "202506101000", sending=2, ma_lk="LK2"),
    kit.claim(4, "202507101000", ma_the_bhyt="DN4010100000005"),
]


@pytest.fixture(scope="module")
def contributions_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("contributions")
    kit.small_nation(kit.settings_in(home), lines=FIRST_LINES)
    kit.make_public(kit.settings_in(home), plan=contributions_plan())
    return home


@pytest.fixture(scope="module")
def claims_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("claims")
    kit.small_nation(kit.settings_in(home), claims=FIRST_CLAIMS)
    kit.make_public(kit.settings_in(home), plan=claims_plan())
    return home


def act_on_lines(world: World, act: Act) -> None:
    kind, key = act[0], act[1]
    table = "tst_dong_ca_nhan"
    if kind == "write":
        _, _, month, person, paid, place = act
        world.rows[key] = kit.line(key, month, person=person, so_tien_da_dong=paid * 1_000, ma_cq_bhxh=place)
        world.land(table, world.rows[key])
    elif kind == "write low":
        world.rows[key] = kit.line(key, act[2], person=act[3], base=8_000)
        world.land(table, world.rows[key])
    elif kind.startswith("decide"):
        decide(world, act[2], key)
    elif kind == "person comes":
        world.land("tst_nguoi_tham_gia", kit.person(key))
    elif kind == "person renamed":
        world.land("tst_nguoi_tham_gia", kit.person(key, ho_ten=f"Trần Thị {world.clock}"))
    elif kind == "one person":
        world.land("hgd_trung_ma", kit.pair(key, key, act[3] + (key == act[3]), trang_thai=act[2]))
    elif kind == "decided":
        world.decide(act[2], key)
    elif kind == "person goes":
        kit.delete(world.settings, "tst_nguoi_tham_gia", [key])
    elif key in world.rows:
        if kind == "again":
            world.land(table, world.rows[key])
            return
        row = world.rows.pop(key)
        if kind == "soft delete":
            world.land(table, row | {"is_deleted": True})
        else:
            kit.delete(world.settings, table, [key])


def decide(world: World, verdict: str, key: int) -> None:
    """Decide, as people do, about failed rows of the release in use: one, or every one (0)."""
    release = current_release(world.settings)
    keys = (key,) if key else ()
    found = [row for place in ("held", "rejected", "accepted") for row in kit.failed(release, place, *keys)]
    if found:
        kit.decide(world.settings, verdict, found)


def act_on_claims(world: World, act: Act) -> None:
    kind, key = act[0], act[1]
    if kind == "facility loses its contract":
        world.land("gd_cskcb", kit.FACILITY | {"hop_dong_den": datetime.fromisoformat(f"{key}-03").date()})
    elif kind == "delete":
        kit.delete(world.settings, "gd_ho_so", [key])
    elif kind == "bad date":
        world.land("gd_ho_so", kit.claim(key, "202505102400", ma_lk="LK1"))
    else:
        _, _, month, episode, sending = act
        row = kit.claim(key, f"{month.replace('-', '')}101000", sending=sending, ma_lk=f"LK{episode}")
        if kind == "send":
            world.land("gd_ho_so", row)
            return
        drugs, services = kit.lines_of(row)
        when = datetime.fromisoformat(f"{month}-20")
        world.land("gd_thuoc", drugs[0] | {"created_at": when})
        world.land("gd_dvkt", services[0] | {"created_at": when, "thanh_tien_bv": Decimal(100_000 * sending)})


def check_history(
    first: Path, rounds: list[list[Act]], act: Callable[[World, Act], None], plan: Plan
) -> None:
    """Play the rounds on a copy of the first release, a build after each; compare with one build of everything."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(first, Path(folder) / "steps", symlinks=True)
        world = World(Path(folder) / "steps")
        for acts in rounds:
            for one in acts:
                act(world, one)
            report = kit.make(world.settings, plan=plan)
            if report.release_id:
                kit.publish(report, settings=world.settings)
        at_once = kit.settings_in(Path(folder) / "at_once")
        shutil.copytree(world.settings.landing, at_once.landing)
        whole = kit.make(at_once, plan=plan)
        assert whole.landed == whole.staged + whole.quarantined + whole.decided["rejected"]["rows"]
        stepwise, made_at_once = current_release(world.settings), kit.publish(whole, settings=at_once)
        assert content(stepwise) == content(made_at_once)
        assert what_readers_see(stepwise) == what_readers_see(made_at_once)


def what_readers_see(release: Release) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the serving database: one grown month by month holds what one made anew holds."""
    return {table: kit.rows_of(release, table) for table in release.manifest["serving_rows"]}


def content(release: Release) -> dict[str, dict[str, str]]:
    """Every part with its bytes' hash: equal content is equal to the last byte."""
    parts = release.manifest["parts"]
    return {
        table: {month: part["sha256"] for month, part in months.items()} for table, months in parts.items()
    }


@pytest.mark.slow
@FEW
@given(st.lists(st.lists(line_acts, min_size=1, max_size=3), min_size=1, max_size=2))
@example([[("person comes", 5)], [("person goes", 5)]])
@example([[("write", 1, "2025-07", 6, 3, "01501")], [("person comes", 6)]])
@example([[("one person", 1, "đã gộp", 3), ("decided", 2, "merge")], [("decided", 3, "split")]])
@example([[("decided", 1, "merge")], [("person goes", 5), ("one person", 1, "không trùng", 2)]])
def test_contributions_built_step_by_step_equal_a_full_build(contributions_home, rounds):
    check_history(contributions_home, rounds, act_on_lines, contributions_plan())


@pytest.mark.slow
@FEW
@given(st.lists(st.lists(decision_acts, min_size=1, max_size=4), min_size=1, max_size=3))
@example(
    [[("decide all", 0, "accept")], [("person comes", 5), ("decide", 6, "reject")], [("person comes", 6)]]
)
@example([[("write low", 1, "2025-06", 1), ("write low", 2, "2025-07", 2)], [("decide all", 0, "accept")],
          [("write low", 1, "2025-07", 1), ("decide", 2, "reject")]])  # fmt: skip
@example([[("write low", 1, "2025-06", 1)], [("decide", 1, "accept")], [("again", 1), ("decide", 1, "fix")]])
def test_decisions_taken_step_by_step_equal_a_full_build_with_all_of_them(contributions_home, rounds):
    check_history(contributions_home, rounds, act_on_lines, contributions_plan())


@pytest.mark.slow
@FEW
@given(st.lists(st.lists(claim_acts, min_size=1, max_size=3), min_size=1, max_size=2))
@example([[("delete", 3)], [("send", 5, "2025-07", 1, 3)]])
@example([[("lines", 1, "2025-06", 2, 1)], [("facility loses its contract", "2025-06")]])
def test_claims_built_step_by_step_equal_a_full_build(claims_home, rounds):
    check_history(claims_home, rounds, act_on_claims, claims_plan())
