"""Re-hash the vendored front end against vendor.lock.json; `--write` records the files as they are."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "vendor.lock.json"


def main() -> int:
    """Return 0 when every vendored file is the recorded one and none is unrecorded."""
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    wrong = []
    for package in lock["packages"]:
        folder = ROOT / package["folder"]
        found = {p.name: _sha512(p) for p in sorted(folder.iterdir()) if p.is_file()}
        if "--write" in sys.argv:
            package["files"] = found
        elif found != package["files"]:
            wrong.append(
                f"{package['name']} {package['version']}: {folder.relative_to(ROOT)} khác với vendor.lock.json"
            )
    if "--write" in sys.argv:
        LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


def _sha512(path: Path) -> str:
    return hashlib.sha512(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
