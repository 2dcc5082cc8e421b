"""The child process of test_kill: builds and publishes under a home folder, and says so. Run as a script."""

from __future__ import annotations

import sys
from pathlib import Path

from dwh.datapath.pipeline.tests import kit


def main() -> None:
    settings = kit.settings_in(Path(sys.argv[1]))
    print("ready", flush=True)
    report = kit.make(settings)
    if report.release_id:
        kit.publish(report, settings=settings)
    print("done", flush=True)


if __name__ == "__main__":
    main()
