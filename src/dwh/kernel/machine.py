"""Faults of the machine and not of the program: no room on the disk, no right to a folder. Why, in one sentence."""

from __future__ import annotations

import errno
import re

# as the engine, SQLite, PostgreSQL and the system say it
_NO_ROOM = re.compile(r"no space left|disk is full|quota exceeded|file too large", re.IGNORECASE)
_UNUSABLE = re.compile(r"disk i/o error|readonly database|unable to open database file", re.IGNORECASE)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


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
