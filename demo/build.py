"""Builds the demonstration: sources, IAM, accounts, and the first published release. Safe to repeat."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from demo.home import DemoHome

DEFAULT_SCALE = 0.001  # of the nation
DONE = "demo-built.json"  # written last: a demonstration without it is built again from where it stopped
CLI = "dwh.site.cli"
Step = tuple[str, list[str]]  # its name and its command


class DemoFailed(Exception):
    """A step failed; the message is for the person at the terminal."""


def build(
    home: DemoHome, *, scale: float = DEFAULT_SCALE, seed: int = 2026, say: Callable[[str], None] = print
) -> None:
    """Build everything under `home` that is not there yet.

    Raises:
        DemoFailed: a step failed, or the folder holds a demonstration of another scale.
    """
    _make_folder(home.path)
    with _alone(home.path):
        _same_scale(home.path, scale)
        home.prepare()
        if (home.path / DONE).exists():
            say(f"Bản trình diễn đã có ở {home.path}, giữ nguyên.")
            _upgrade(home, say)
            return
        began = time.monotonic()
        first, *steps = _steps(home, scale, seed)
        _take((first,), home, say)
        with ThreadPoolExecutor(1) as pool:  # a run leaves a core idle most of the time
            beside = pool.submit(_take, _beside(), home, say)
            _take(steps, home, say)
            beside.result()
        built = {
            "scale": scale,
            "seed": seed,
            "seconds": round(time.monotonic() - began, 1),
            "code": _code(),
        }
        (home.path / DONE).write_text(json.dumps(built), encoding="utf-8")
        say(f"Bản trình diễn đã xong sau {built['seconds']} giây. Mở bằng: make demo")


def _take(steps: Sequence[Step], home: DemoHome, say: Callable[[str], None]) -> None:
    for name, command in steps:
        at = time.monotonic()
        _step(command, home)
        say(f"  {name}: {time.monotonic() - at:.1f} giây")


def _upgrade(home: DemoHome, say: Callable[[str], None]) -> None:
    """Bring the tables and static files of an older program's demonstration to this program's; data stays."""
    mark = home.path / DONE
    built = json.loads(mark.read_text(encoding="utf-8"))
    if built.get("code") == _code():
        return
    for name, command in (_tables(), _static()):
        _step(command, home)
        say(f"  {name}: nâng cấp theo phiên bản này")
    mark.write_text(json.dumps({**built, "code": _code()}), encoding="utf-8")


def _code() -> str:
    """Return what changes when the program brings other tables or static files."""
    root = Path(__file__).parents[1]
    files = [*root.glob("src/dwh/**/migrations/*.py"), *root.glob("src/dwh/**/static/**/*")]
    names = sorted(f"{path.relative_to(root)} {path.stat().st_size}" for path in files if path.is_file())
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
        writable = os.access(path, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        raise DemoFailed(f"Không tạo được hoặc không ghi được thư mục DEMO_HOME «{path}». Chọn thư mục khác.")


def _steps(home: DemoHome, scale: float, seed: int) -> list[Step]:
    python, cli = sys.executable, CLI
    sources = [python, "-m", "demo.sources.make", str(home.path), str(scale), str(seed)]
    return [
        ("Hệ thống nguồn mô phỏng", sources),
        _tables(),
        ("Tài khoản và lịch gửi báo cáo", [python, "-m", "demo.accounts"]),
        ("Đồng bộ, tổng hợp, công bố", [python, "-m", cli, "run"]),
        ("Niêm phong nhật ký", [python, "-m", cli, "audit", "seal"]),
    ]


def _beside() -> list[Step]:
    """Return what waits for nothing and nothing waits for."""
    return [_static(), ("Hệ thống định danh (IAM)", [sys.executable, "-m", "demo.iam", "build"])]


def _tables() -> Step:
    return "Cơ sở dữ liệu quản trị", [sys.executable, "-m", CLI, "web", "manage", "migrate", "--verbosity=0"]


def _static() -> Step:
    manage = [sys.executable, "-m", CLI, "web", "manage"]
    return "Tệp giao diện", [*manage, "collectstatic", "--noinput", "--verbosity=0"]


def _step(command: list[str], home: DemoHome) -> None:
    done = subprocess.run(command, env=home.environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DemoFailed(
            f"Bước «{' '.join(command[2:5])}» lỗi:\n{(done.stderr or done.stdout).strip()[-4000:]}"
        )


def _same_scale(path: Path, scale: float) -> None:
    mark = path / DONE
    if mark.exists() and json.loads(mark.read_text(encoding="utf-8"))["scale"] != scale:
        raise DemoFailed(
            f"{path} đang chứa bản trình diễn ở tỷ lệ khác. "
            f"Đặt DEMO_HOME tới thư mục khác, hoặc xóa {path} rồi chạy lại."
        )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the folder so that two builds never mix."""
    with (path / ".demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise DemoFailed(f"Một lệnh khác đang dựng bản trình diễn ở {path}. Chờ lệnh đó xong.") from busy
        yield


def home_from_environment() -> DemoHome:
    """Return the folder and port named by DEMO_HOME and PORT."""
    path = Path(os.environ.get("DEMO_HOME") or "var/demo").resolve()
    return DemoHome(path=path, port=_port(os.environ.get("PORT") or "8000"))


def scale_from_environment() -> float:
    """Return DEMO_SCALE: a number such as 0.001, or a fraction such as 1/1000."""
    text = os.environ.get("DEMO_SCALE") or "1/1000"
    try:
        top, _, bottom = text.partition("/")
        scale = float(top) / float(bottom or 1)
    except (ValueError, ZeroDivisionError) as wrong:
        raise DemoFailed(f"DEMO_SCALE «{text}» không phải tỷ lệ. Viết 1/1000 hoặc 0.001.") from wrong
    if not 0 < scale <= 0.1:
        raise DemoFailed(f"DEMO_SCALE «{text}» phải lớn hơn 0 và không quá 1/10.")
    return scale


def _port(text: str) -> int:
    if not text.isdigit() or not 1024 <= int(text) <= 65534:
        raise DemoFailed(f"PORT «{text}» không hợp lệ. Chọn một số từ 1024 đến 65534.")
    return int(text)
