"""`python -m bench.peers.superset`: its chart-data API beside our page, the same file and pivots, in turn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import IO, Any, Final

from bench.door import environment
from bench.warehouse import homes

HERE: Final = Path(__file__).parent
ROUNDS: Final = 5
LINES: Final = (
    "SELECT f.*, o.province_org_code, e.sector_code FROM core.fct_contribution AS f"
    " JOIN core.dim_org AS o ON o.org_code = f.org_code"
    " JOIN core.dim_employer AS e ON e.employer_key = f.employer_key"
)
CLAIMS: Final = (
    "SELECT f.*, o.province_org_code FROM core.fct_claim AS f"
    " JOIN core.dim_org AS o ON o.org_code = f.org_code"
)
ROLLED: Final = (
    "SELECT f.*, o.province_org_code FROM rollup.contribution_by_office AS f"
    " JOIN core.dim_org AS o ON o.org_code = f.org_code"
)
MONEY: Final = {"due": "sum(due_vnd)", "paid": "sum(collected_vnd)"}
BY_MONTH: Final = {
    "subject": "contributions", "rows": ["org.province"], "columns": ["month"],
    "values": ["due_vnd", "collected_vnd"], "totals": False,
}  # fmt: skip
PIVOTS: Final[dict[str, dict[str, Any]]] = {
    "province × month": {
        "query": BY_MONTH, "dataset": LINES, "columns": ["province_org_code", "contribution_month"], "metrics": MONEY,
    },
    "province × month, Superset on the rollup": {
        "query": BY_MONTH, "dataset": ROLLED, "columns": ["province_org_code", "contribution_month"], "metrics": MONEY,
    },
    "province × sector, one year, rate": {
        "query": {
            "subject": "contributions", "rows": ["org.province"], "columns": ["employer.sector"],
            "values": ["collection_rate"], "totals": False,
            "filters": [{"field": "month.year", "op": "eq", "values": ["2025"]}],
        },
        "dataset": LINES, "columns": ["province_org_code", "sector_code"],
        "metrics": {"rate": "100.0 * sum(collected_vnd) / sum(due_vnd)"},
        "where": "contribution_month BETWEEN '2025-01' AND '2025-12'",
    },
    "province × care": {
        "query": {
            "subject": "claims", "rows": ["org.province"], "columns": ["visit_type.care"],
            "values": ["visits", "total_vnd", "hi_paid_vnd"], "totals": False,
        },
        "dataset": CLAIMS, "columns": ["province_org_code", "care_code"],
        "metrics": {"visits": "count(*)", "total": "sum(total_vnd)", "paid": "sum(hi_paid_vnd)"},
    },
    "sector × component × month": {
        "query": {
            "subject": "contributions", "rows": ["employer.sector", "fund.component"], "columns": ["month"],
            "values": ["due_vnd"], "totals": False,
        },
        "dataset": LINES, "columns": ["sector_code", "component_code", "contribution_month"],
        "metrics": {"due": "sum(due_vnd)"},
    },
}  # fmt: skip


def main() -> None:
    """Make Superset's environment when it is not there, ask both in turn, and print a line for each pivot."""
    rows = int(os.environ.get("BENCH_ROWS", "20000000"))
    peer = Path(os.environ.get("BENCH_PEER_HOME", Path.home() / ".cache" / "dwh-bench-superset"))
    python = _environment_of(peer)
    with homes(rows, rows // 2) as home:
        file = home / "releases" / "current" / "serving.duckdb"
        theirs = {
            **os.environ, "PEER_HOME": str(peer), "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
        }  # fmt: skip
        theirs.pop("PYTHONPATH", None)
        _made_ready(python, peer, theirs)
        asked = json.dumps(PIVOTS)
        ours = environment(home) | {"DWH_STATIC_ROOT": str(home / "static")}
        with (
            _child([python, str(HERE / "theirs.py"), str(file.resolve()), asked], theirs) as superset,
            _child([sys.executable, "-m", "bench.peers.superset.ours", str(home), asked], ours) as dwh,
        ):
            _compare(superset, dwh)


def _compare(superset: _Child, dwh: _Child) -> None:
    print(
        f"{'':42s}  Superset CPU  nền CPU   tổng hợp sẵn CPU, ms; lần nhanh hơn: nền, tổng hợp sẵn (theo giờ)"
    )
    for name in PIVOTS:
        taken: dict[str, list[dict[str, float]]] = {"theirs": [], "base": [], "rollup": []}
        for number in range(ROUNDS + 1):
            one = {
                "theirs": superset.ask(name), "base": dwh.ask(f"{name} base"), "rollup": dwh.ask(f"{name} rollup"),
            }  # fmt: skip
            if number:  # the first warms up
                for side, took in one.items():
                    taken[side].append(took)
        wall, cpu = (
            {side: 1000 * median(t[kind] for t in took) for side, took in taken.items()}
            for kind in ("wall_s", "cpu_s")
        )
        print(
            f"{name:42s}{wall['theirs']:7.0f} {cpu['theirs']:6.0f} {wall['base']:6.0f} {cpu['base']:5.0f}"
            f" {wall['rollup']:6.0f} {cpu['rollup']:5.0f}    CPU ×{cpu['theirs'] / cpu['base']:.1f}"
            f" ×{cpu['theirs'] / cpu['rollup']:.1f}  (×{wall['theirs'] / wall['base']:.1f}"
            f" ×{wall['theirs'] / wall['rollup']:.1f})",
            flush=True,
        )


class _Child:
    """A process that answers one line with one line."""

    def __init__(self, write: IO[str], read: IO[str]) -> None:
        self._write, self._read = write, read

    def ask(self, line: str) -> dict[str, float]:
        self._write.write(line + "\n")
        self._write.flush()
        found: dict[str, float] = json.loads(self._read.readline())
        return found

    def wait_ready(self) -> None:
        for line in self._read:
            if line.strip() == "ready":
                return
        raise RuntimeError("a side did not start")


@contextmanager
def _child(command: list[str], places: dict[str, str]) -> Iterator[_Child]:
    with subprocess.Popen(
        command, env=places, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as one:
        assert one.stdin is not None
        assert one.stdout is not None
        child = _Child(one.stdin, one.stdout)
        child.wait_ready()
        yield child
        one.stdin.close()


def _environment_of(peer: Path) -> str:
    python = peer / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(peer / "venv")], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "-q", "-r", str(HERE / "requirements.txt")], check=True
        )
    return str(python)


def _made_ready(python: str, peer: Path, places: dict[str, str]) -> None:
    if not (peer / "ready").exists():
        command = str(Path(python).with_name("superset"))
        for step in (["db", "upgrade"], ["init"]):
            subprocess.run([command, *step], check=True, env=places | {"FLASK_APP": "superset"})
        (peer / "ready").touch()


if __name__ == "__main__":
    main()
