"""The pivots through the door beside hand-written SQL: on the facts, from rollups, and from what was kept.

All sides use the same file and the same engine, one after the other, several rounds after a warm-up in which every
number is compared with the hand's.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.door import Ask, datapath, environment, open_door, plans_forgotten
from bench.questions import PIVOTS, Pivot
from bench.warehouse import homes, made_of, tell
from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.query import Query
from dwh.datapath.warehouse.release import Release, current_release

RESULT: Final = "pivots.json"
MAX_ROWS: Final = 50_000
SIDES: Final = ("hand", "base", "rollup", "kept")
GOALS: Final = {"base_median": 1.10, "base_worst": 1.25, "rollup_ms": 25.0, "overhead_ms": 25.0}
TABLE: Final = {  # 1,548 cells: 86 provinces old and new, 9 quarters, two values
    "subject": "contributions",
    "rows": ["org.province"],
    "columns": ["month.quarter"],
    "values": ["due_vnd", "collected_vnd"],
    "totals": False,
}
Call = Callable[[], Any]


def run(contributions: int = 20_000_000, claims: int = 10_000_000, *, rounds: int = 5) -> dict[str, Any]:
    """Generate a release of that size, then time every pivot in a process of its own.

    Units: seconds of wall and CPU time, medians over `rounds`; ratio = door / hand; peak_rss_mb is that of the
    process that answers.
    """
    with homes(contributions, claims) as home:
        made = made_of(home)
        tell(made)
        command = [sys.executable, "-m", "bench.pivots", str(home), str(rounds)]
        subprocess.run(command, check=True, env=environment(home))
        result: dict[str, Any] = json.loads((home / RESULT).read_text(encoding="utf-8"))
    return result | {"warehouse": made}


def measure(release: Release, door: Ask, *, rounds: int) -> dict[str, Any]:
    """Time the pivots on one release and print a line for each, then what they come to beside the goals."""
    print(f"{'':42s} SQL tay   nền (CPU ×)      tổng hợp sẵn   đã giữ, ms")
    results = [_measured(pivot, release, door, rounds) for pivot in PIVOTS]
    overhead = _overhead(release, door, rounds * 4)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"pivots": results, "summary": _summary(results) | overhead, "peak_rss_mb": peak}
    _tell(found["summary"], peak)
    return found


def _measured(pivot: Pivot, release: Release, door: Ask, rounds: int) -> dict[str, Any]:
    seconds, tables = _interleaved(pivot, release, door, rounds)
    ratios = {
        "base_ratio": seconds["base_s"] / seconds["hand_s"],
        "base_cpu_ratio": seconds["base_cpu_s"] / seconds["hand_cpu_s"],
    }
    beside = f"×{ratios['base_ratio']:.2f} (×{ratios['base_cpu_ratio']:.2f})"
    ms = {side: 1000 * seconds[f"{side}_s"] for side in SIDES}
    rolled = f"{ms['rollup']:9.1f}" if _is_rolled(tables) else "        –"
    print(
        f"{pivot.name:42s}{ms['hand']:8.1f} {ms['base']:8.1f} {beside}"
        f" {rolled} {ms['kept']:8.1f}   {', '.join(tables)}",
        flush=True,
    )
    return {"pivot": pivot.name, "goal_ms": pivot.goal_ms, "tables": tables, **seconds, **ratios}


def _interleaved(
    pivot: Pivot, release: Release, door: Ask, rounds: int
) -> tuple[dict[str, float], list[str]]:
    """Return the medians of all sides and the tables that answer; the first round warms up and compares."""
    query = Query.from_json(pivot.query)
    calls: dict[str, Call] = {
        "hand": lambda: release.fetch(pivot.sql, pivot.params, limit=MAX_ROWS)[1],
        "base": lambda: door(query, pivot.scope, rollups=False, kept=False),
        "rollup": lambda: door(query, pivot.scope, rollups=True, kept=False),
        "kept": lambda: door(query, pivot.scope, rollups=True, kept=True),
    }
    first = {side: call() for side, call in calls.items()}
    for side in SIDES[1:]:
        _assert_equal(pivot, first[side], first["hand"])
    assert calls["kept"]().was_kept
    tables = [one.table for one in first["rollup"].routes]
    return _medians(calls, rounds), tables


def _medians(calls: dict[str, Call], rounds: int) -> dict[str, float]:
    """Return side_s and side_cpu_s: medians of `rounds` in which each side is called once, in turn."""
    taken: dict[str, list[float]] = {f"{side}{kind}": [] for side in calls for kind in ("_s", "_cpu_s")}
    for _ in range(rounds):
        for side, call in calls.items():
            wall, cpu = time.perf_counter(), time.process_time()
            call()
            taken[f"{side}_s"].append(time.perf_counter() - wall)
            taken[f"{side}_cpu_s"].append(time.process_time() - cpu)
    return {name: median(values) for name, values in taken.items()}


def _overhead(release: Release, door: Ask, rounds: int) -> dict[str, float]:
    """Return what a table of 1,548 cells costs over the engine alone: rights, log, compiling, building, drawing it."""
    from django.template.loader import render_to_string  # noqa: PLC0415

    from dwh.delivery.analysis.grid import arranged, grid_of  # noqa: PLC0415 -- after Django is set up

    query, nation = Query.from_json(TABLE), ("00",)
    plan = door.plan(query, nation)

    def drawn() -> str:
        answer = door(query, nation, rollups=True, kept=False)
        return render_to_string("analysis/_table.html", {"answer": answer, "grid": grid_of(arranged(answer))})

    def drawn_anew() -> str:
        plans_forgotten()
        return drawn()

    calls: dict[str, Call] = {
        "engine": lambda: release.fetch(plan.sql, plan.params, limit=MAX_ROWS),
        "drawn": drawn,
        "anew": drawn_anew,
    }
    for call in calls.values():
        call()
    taken = _medians(calls, rounds)
    return {
        f"overhead_{side}{kind}_ms": 1000 * (taken[f"{side}{kind}_s"] - taken[f"engine{kind}_s"])
        for side in ("drawn", "anew")
        for kind in ("", "_cpu")
    }


def _summary(results: list[dict[str, Any]]) -> dict[str, float]:
    rolled = [1000 * one["rollup_s"] for one in results if _is_rolled(one["tables"]) and not one["goal_ms"]]
    summary = {
        "base_median": median(one["base_ratio"] for one in results),
        "base_cpu_median": median(one["base_cpu_ratio"] for one in results),
        "base_worst": max(one["base_ratio"] for one in results),
        "base_cpu_worst": max(one["base_cpu_ratio"] for one in results),
        "rollup_ms": median(rolled),
        "rollup_worst_ms": max(rolled),
        "rollup_cpu_ms": median(
            1000 * one["rollup_cpu_s"] for one in results if _is_rolled(one["tables"]) and not one["goal_ms"]
        ),
        "kept_ms": median(1000 * one["kept_s"] for one in results),
    }
    heads = [one for one in results if one["goal_ms"]]
    summary |= {f"{one['pivot']} CPU ms": 1000 * one["rollup_cpu_s"] for one in heads}
    return summary | {f"{one['pivot']} ms": 1000 * one["rollup_s"] for one in heads}


def _tell(found: dict[str, float], peak: float) -> None:
    goals = GOALS | {f"{one.name} ms": one.goal_ms for one in PIVOTS if one.goal_ms}
    goals |= {"base_cpu_median": 1.10, "base_cpu_worst": 1.25, "rollup_cpu_ms": GOALS["rollup_ms"]}
    goals |= {f"{one.name} CPU ms": one.goal_ms for one in PIVOTS if one.goal_ms}
    goals |= {name: GOALS["overhead_ms"] for name in found if name.startswith("overhead")}
    for name, value in found.items():
        goal = goals.get(name)
        beside = f"  mục tiêu ≤ {goal:g}  {'đạt' if value <= goal else 'CHƯA ĐẠT'}" if goal else ""
        print(f"  {name:44s}{value:9.2f}{beside}")
    print(f"  bộ nhớ cao nhất {peak:.0f} MB", flush=True)


def _is_rolled(tables: list[str]) -> bool:
    return bool(tables) and all(table.startswith("rollup.") for table in tables)


def _assert_equal(pivot: Pivot, answer: Answer, rows: list[tuple[Any, ...]]) -> None:
    width = len(answer.fields)
    ours = {row.keys: row.values for row in answer.rows}
    theirs = {tuple(row[:width]): tuple(row[width:]) for row in rows}
    assert ours.keys() == theirs.keys(), (pivot.name, "other members", ours.keys() ^ theirs.keys())
    for keys, values in ours.items():
        for mine, hand, column in zip(values, theirs[keys], answer.values, strict=True):
            # the hand's ratio is a DOUBLE of the engine: its last shown digit may differ by rounding
            slack = Decimal(1).scaleb(-column.decimals) if column.status else Decimal(0)
            same = abs(Decimal(mine) - Decimal(str(hand))) <= slack
            assert same, (pivot.name, keys, column.name, mine, hand)


def main(home: Path, rounds: int) -> None:
    """Answer every pivot through the gate on the release under `home` and leave the result there."""
    door = open_door()
    result = measure(current_release(datapath()), door, rounds=rounds)
    (home / RESULT).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
