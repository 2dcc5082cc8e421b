"""The people of bench.load, in a process of their own: each asks, reads the table, and asks the next thing at once."""

from __future__ import annotations

import http.client
import json
import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from bench.load import FIRED, PREPARED

WARMING_S: Final = 5.0
WIDE: Final = 0.10  # share of the questions that read larger rollups
MONTHS: Final = [f"{2024 + (10 + n) // 12}-{(10 + n) % 12 + 1:02}" for n in range(24)]
PROVINCES: Final = [f"00.{n:02}" for n in range(1, 64)]
MONEY: Final = ["due_vnd", "collected_vnd", "collection_rate", "lines"]
CARE: Final = ["visits", "total_vnd", "hi_paid_vnd", "avg_inpatient_days"]
NARROW: Final = (
    ("contributions", ["org.province"], ["month.quarter"], MONEY[:2]),
    ("contributions", ["fund.component"], ["month"], MONEY[:2]),
    ("contributions", ["org.province", "fund"], [], MONEY),
    ("contributions", ["employer.sector"], ["month.quarter"], MONEY[:1]),
    ("contributions", ["org.office"], [], MONEY),
    ("claims", ["org.province"], ["month.quarter"], CARE[:3]),
    ("claims", ["visit_type"], ["month"], CARE),
    ("claims", ["org.office"], [], CARE),
)
BROAD: Final = (
    ("claims", ["object"], ["benefit_level"], CARE[:3]),
    ("claims", ["facility.class", "visit_type"], ["month.quarter"], CARE[:2]),
    ("contributions", ["participant.sex"], ["participant.birth_decade"], MONEY[:2]),
)


@dataclass(slots=True)
class Seen:
    """What one phase saw: seconds of every answer, the releases answered from, what was no answer."""

    seconds: list[float] = field(default_factory=list)
    releases: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def summary(self, lasted: float) -> dict[str, Any]:
        ranked = sorted(self.seconds)
        return {
            "pivots_s": len(ranked) / lasted,
            "p50_ms": 1000 * ranked[len(ranked) // 2],
            "p95_ms": 1000 * ranked[len(ranked) * 95 // 100],
            "worst_ms": 1000 * ranked[-1],
            "errors": len(self.errors),
            "first_errors": self.errors[:3],
            "releases": len(self.releases),
        }


class Crowd:
    """Everybody asks until told to stop; `seen` is where the answers of the present phase are counted."""

    def __init__(self, people: list[dict[str, Any]], port: int) -> None:
        self.seen, self.over = Seen(), threading.Event()
        self._port = port
        self._threads = [
            threading.Thread(target=self._ask, args=(one, n), daemon=True) for n, one in enumerate(people)
        ]
        for thread in self._threads:
            thread.start()

    def phase(self, seconds: float, *, swaps: list[Path] | None = None) -> dict[str, Any]:
        """Let them ask for so long; put each of `swaps` in use in between."""
        self.seen, begun, parts = Seen(), time.monotonic(), len(swaps or ()) + 1
        seen = self.seen
        for one in (*(swaps or ()), None):
            self.over.wait(seconds / parts)
            if one is not None:
                _put_in_use(one)
        return seen.summary(time.monotonic() - begun)

    def stop(self) -> None:
        self.over.set()
        for thread in self._threads:
            thread.join(60)

    def _ask(self, person: dict[str, Any], number: int) -> None:
        dice = random.Random(number)
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in person["cookies"].items()),
            "X-CSRFToken": person["token"],
            "Content-Type": "application/x-www-form-urlencoded",
        }
        while not self.over.is_set():
            body = urlencode({"q": json.dumps(question(dice, person["area"]))})
            begun = time.perf_counter()
            try:
                line.request("POST", "/phan-tich/bang/", body, headers)
                answer = line.getresponse()
                text = answer.read().decode("utf-8")
            except (OSError, http.client.HTTPException) as fault:
                self.seen.errors.append(repr(fault))
                line.close()
                continue
            self._note(answer.status, text, time.perf_counter() - begun)

    def _note(self, status: int, text: str, seconds: float) -> None:
        if status != 200 or "<tbody>" not in text:
            self.seen.errors.append(f"{status} {text[:300]}")
            return
        self.seen.seconds.append(seconds)
        self.seen.releases[text.partition(".</caption>")[0].rpartition("Bản công bố ")[2]] += 1


def question(dice: random.Random, area: str) -> dict[str, Any]:
    """Return a question nobody is likely to have asked: random months, a random province or the whole area."""
    subject, rows, columns, values = dice.choice(BROAD if dice.random() < WIDE else NARROW)
    first, last = sorted(dice.sample(range(len(MONTHS)), 2))
    filters: list[dict[str, Any]] = [
        {"field": "month.month", "op": "between", "values": [MONTHS[first], MONTHS[last]]}
    ]
    if area == "00" and ("org.office" in rows or dice.random() < 0.5) and "facility.class" not in rows:
        filters.append({"field": "org.province", "op": "in", "values": [dice.choice(PROVINCES[:11])]})
    return {"subject": subject, "rows": rows, "columns": columns, "values": values, "filters": filters}


def _put_in_use(release: Path) -> None:
    """Point `current` at a release as publishing does: another link, renamed over it."""
    link = release.parent / "next"
    link.symlink_to(release.name)
    link.rename(release.parent / "current")


def main(home: Path, port: int, seconds: float, spare: list[str]) -> None:
    """Warm up, ask, then ask while the releases `spare` are put in use one after the other."""
    crowd = Crowd(json.loads((home / PREPARED).read_text(encoding="utf-8")), port)
    crowd.phase(WARMING_S)
    result = {"load": crowd.phase(seconds)}
    result["swaps"] = crowd.phase(seconds, swaps=[home / "releases" / name for name in spare])
    crowd.stop()
    (home / FIRED).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4:])
