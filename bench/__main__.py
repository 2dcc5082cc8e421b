"""`make bench`: side-by-side timings in one run, written to bench/out/latest.json."""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import increments, landing, load, pivots, standardise

OUT = Path(__file__).parent / "out" / "latest.json"


def main() -> None:
    """Run pivots, load, landing, increments and standardise, or those BENCH_ONLY names.

    BENCH_ROWS sets the contributions of the first two (claims are half as many; 100000000 are those of the goals),
    BENCH_ROUNDS how often each pivot is timed, BENCH_HOME where the generated warehouse is kept for the next time,
    BENCH_LOAD_SECONDS and BENCH_PORT how long and where people ask. BENCH_LANDING_ROWS, BENCH_INCREMENTS_SCALE and
    BENCH_STANDARDISE_ROWS (several with commas) set the sizes of the others.
    """
    rows = int(os.environ.get("BENCH_ROWS", "20000000"))
    sizes = os.environ.get(
        "BENCH_STANDARDISE_ROWS", "2000000"
    )  # several with commas: how time grows with rows
    work = {
        "pivots": lambda: pivots.run(
            contributions=rows, claims=rows // 2, rounds=int(os.environ.get("BENCH_ROUNDS", "5"))
        ),
        "load": lambda: load.run(contributions=rows, claims=rows // 2),
        "landing": lambda: landing.run(rows=int(os.environ.get("BENCH_LANDING_ROWS", "2000000"))),
        "increments": lambda: increments.run(scale=float(os.environ.get("BENCH_INCREMENTS_SCALE", "0.001"))),
        "standardise": lambda: standardise.run([int(n) for n in sizes.split(",")]),
    }
    chosen = os.environ.get("BENCH_ONLY", ",".join(work)).split(",")
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "python": sys.version.split()[0], "system": platform.platform()},
        "load_before": os.getloadavg(),
    }
    for name in chosen:
        result[name] = work[name]()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(result, ensure_ascii=False, indent=2), encoding="utf-8")
    print(f"Đã ghi {OUT.relative_to(Path.cwd()) if OUT.is_relative_to(Path.cwd()) else OUT}")


if __name__ == "__main__":
    main()
