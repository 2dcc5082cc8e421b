"""Answers the same pivots as the web page does, inside the process: reads «name side» a line, side base or rollup."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from bench.door import going
from bench.load import PREPARED, prepare


def main(home: Path, pivots: dict[str, Any]) -> None:
    """Sign somebody in who sees the nation, and answer what is asked on the standard input."""
    prepare(home)
    from django.test import Client  # noqa: PLC0415 -- after Django is set up

    person, client = json.loads((home / PREPARED).read_text(encoding="utf-8"))[0], Client()
    for name, value in person["cookies"].items():
        client.cookies[name] = value
    print("ready", flush=True)
    for line in sys.stdin:
        name, side = line.strip().rsplit(" ", 1)
        with going(rollups=side == "rollup", kept=False):
            wall, cpu = time.perf_counter(), time.process_time()
            answer = client.post(
                "/phan-tich/bang/", {"q": json.dumps(pivots[name]["query"])}, HTTP_HOST="127.0.0.1"
            )
            took = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
        assert answer.status_code == 200, answer.content[:1000]
        print(json.dumps(took), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
