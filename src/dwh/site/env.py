"""Typed readers of the environment that fail loudly; `NAME_FILE` names a file holding a secret.

`$DWH_HOME/dwh.env` (KEY=VALUE lines) gives defaults, so that a shell needs nothing but the home folder.
"""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """Return the data folder: DWH_HOME, else DEMO_HOME, else var/demo under the working directory."""
    return Path(os.environ.get("DWH_HOME") or os.environ.get("DEMO_HOME") or "var/demo").resolve()


def _defaults() -> dict[str, str]:
    path = home() / "dwh.env"
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


_DEFAULTS = _defaults()


def text(name: str, default: str | None = None) -> str:
    """Return the value of `name`, or of the file `name_FILE` names. Raises RuntimeError when neither is set."""
    value = os.environ.get(name, _DEFAULTS.get(name))
    if value is not None:
        return value
    file = os.environ.get(f"{name}_FILE", _DEFAULTS.get(f"{name}_FILE"))
    if file is not None:
        return Path(file).read_text(encoding="utf-8").strip()
    if default is None and not home().is_dir():
        raise RuntimeError(
            f"Không thấy thư mục dữ liệu {home()}. Chạy lệnh ở thư mục của chương trình, hoặc đặt DWH_HOME."
        )
    if default is None:
        raise RuntimeError(f"Thiếu cấu hình {name}. Đặt biến môi trường {name} hoặc {name}_FILE.")
    return default


def flag(name: str, default: bool = False) -> bool:
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    return int(text(name, str(default)))
