"""A reader that never stops: asks the current release and compares it with its manifest.

Run as a process: `python -m tests.acceptance.reader HOME OUT`. Writes one line per look: `ok RELEASE ROWS`, `BAD why`,
or `none` before anything was ever published.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from dwh.datapath.warehouse.release import current_release
from dwh.kernel.errors import NotFound
from tests.conftest import settings_of

FACTS = ("core.fct_contribution", "core.fct_claim", "core.fct_participation")


def look(home: Path) -> str:
    """Return what one reader sees now."""
    try:
        release = current_release(settings_of(home))
    except NotFound:
        return "none"
    counted = {}
    for fact in FACTS:
        _, rows = release.fetch(f"SELECT COUNT(*) FROM {fact}", limit=1)
        counted[fact] = rows[0][0]
    promised = {f: sum(p["rows"] for p in release.manifest["parts"][f].values()) for f in FACTS}
    return f"ok {release.id} {sum(counted.values())}" if counted == promised else f"BAD {counted} {promised}"


def main() -> None:
    home, out = Path(sys.argv[1]), Path(sys.argv[2])
    with out.open("a", buffering=1) as lines:
        while True:
            try:
                seen = look(home)
            except Exception as error:
                seen = f"BAD {type(error).__name__}: {error}"
            lines.write(seen + "\n")
            time.sleep(0.02)  # a pace of looking, not a wait for something


if __name__ == "__main__":
    main()
