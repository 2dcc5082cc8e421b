"""The machine a process runs on: its memory kept tidy; its faults (no room on the disk, no right), in one sentence."""

from __future__ import annotations

import atexit
import errno
import gc
import re

# as the engine, SQLite, PostgreSQL and the system say it
_NO_ROOM = re.compile(r"no space left|disk is full|quota exceeded|file too large", re.IGNORECASE)
_UNUSABLE = re.compile(r"disk i/o error|readonly database|unable to open database file", re.IGNORECASE)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def keep_what_is_loaded() -> None:
    """Take what is loaded by now out of the collector's way, until the process ends.

    A process that serves holds half a million objects for good; looked through again and again while an answer of
    10,000 rows is made, they cost more than the answer (measured: 110 of 180 ms).
    """
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)


def machine_fault(fault: BaseException) -> str | None:
    """Return what the machine refused and the way out, None when it is not the machine's fault."""
    why = _why(fault)
    if why is None:
        return None
    return (
        f"Máy chủ không đọc hoặc ghi được tệp ({why}). Số liệu đang dùng giữ nguyên. "
        "Kiểm tra đĩa và quyền thư mục rồi chạy lại."
    )


def _why(fault: BaseException) -> str | None:
    said = str(fault)
    if _NO_ROOM.search(said) or (isinstance(fault, OSError) and fault.errno in _FULL):
        return "hết chỗ"
    if isinstance(fault, OSError):
        return fault.strerror or type(fault).__name__
    return "đĩa không dùng được" if _UNUSABLE.search(said) else None
