"""The retention table, and the only function of the data path that removes a file.

What is kept for good is removed under a permit that names it, or not at all; everything else was never public.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from dwh.kernel.errors import Denied
from dwh.kernel.law import QD_2366, cites

PERMANENT, UNTIL_UNUSED, NOT_KEPT = "permanent", "until_unused", "not_kept"
KEEP_LABELS = {
    PERMANENT: "Lưu lâu dài",
    UNTIL_UNUSED: "Đến khi không còn dùng",
    NOT_KEPT: "Không lưu tệp",
}
_CLASSES = Path(__file__).with_name("classes.toml")


class Kept(Denied):
    """What was to be removed is kept for good, and no approved decision names it."""

    code = "retention.kept"


@dataclass(frozen=True, slots=True)
class DataClass:
    """One line of the retention table. `article` of QĐ-2366, empty where the texts say nothing."""

    code: str
    label: str
    where: str
    keep: str
    article: str = ""

    @property
    def is_official(self) -> bool:
        return self.keep == PERMANENT


@dataclass(frozen=True, slots=True)
class Permit:
    """An approved decision to remove one official thing: who decided, by which paper, why."""

    number: int
    what: str
    decided_by: str
    document_no: str
    reason: str


@cache
def retention_table() -> Mapping[str, DataClass]:
    """Return code → class, in the order of the file."""
    read = tomllib.loads(_CLASSES.read_text(encoding="utf-8"))
    return MappingProxyType({code: DataClass(code, **words) for code, words in read.items()})


@cites(QD_2366.art("4.2.3"))
def may_remove(code: str, what: str, permit: Permit | None = None) -> bool:
    """Tell whether `what`, of this class, may be removed: official figures only under a permit that names it."""
    return not retention_table()[code].is_official or (permit is not None and permit.what == what)


def remove(path: Path, code: str, *, what: str = "", permit: Permit | None = None) -> bool:
    """Remove a file or a folder of this class and tell whether it was there; `what` is the official thing it is of.

    Raises:
        Kept: it is kept for good, and the permit does not name it. KeyError: there is no such class.

    Source: QĐ-2366 Điều 4.2.3.
    """
    if not may_remove(code, what, permit):
        raise kept(code, what or path.name)
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
    else:
        return False
    return True


def kept(code: str, what: str) -> Kept:
    """Return the refusal that names what is kept and the way to a decision."""
    return Kept(
        f"«{what}» thuộc lớp «{retention_table()[code].label}», lưu lâu dài (QĐ-2366 Điều 4.2.3): không xóa. Khi có "
        "quyết định của người có thẩm quyền, ghi số văn bản và lý do ở trang Thời hạn lưu giữ rồi chạy lại.",
        data_class=code,
        what=what,
    )
