"""The wrong dossiers: each planted one is wrong in exactly one way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.edossiers import DONE, Dossiers
from demo.sources.nation.procedures import procedures
from demo.sources.nation.seeds import some
from demo.sources.nation.times import FIRST_DAY, REFORM_DAY, SECONDS_A_DAY, compact, minutes
from demo.sources.planting import Notebook

Array = Any
TABLE = "gdt_ho_so"
AFTER_SWITCH = 45  # days in which some offices still file under the old code
UNKNOWN = ("BHXH.99", "TT.200", "KHAC")
UNREADABLE = ("1275", "2561", "ab00")


@dataclass(slots=True)
class Written:
    """What the source writes of every dossier, as texts; None where it writes nothing."""

    number: Array
    code: Array
    received_at_office: Array
    owner_office: Array
    received: Array
    due: Array
    closed: Array
    status: Array


def plant(dossiers: Dossiers, written: Written, deleted: Array, plan: tuple[Notebook, int], rng: Any) -> None:
    """Spoil a few living dossiers with a result and note them."""
    notes, count = plan
    days = dossiers.received // SECONDS_A_DAY
    usual = np.flatnonzero((dossiers.outcome == DONE) & ~deleted & (days > FIRST_DAY + 10))
    switched = (days[usual] >= REFORM_DAY) & (days[usual] < REFORM_DAY + AFTER_SWITCH)
    outdated = some(rng, usual[switched], count)
    free = rng.permutation(np.setdiff1d(usual, outdated))[: 6 * count].reshape(6, count)
    backwards, undated, unresolved, unknown, midnight, unreadable = (np.sort(rows) for rows in free)
    before = dossiers.received[backwards] - rng.integers(1, 6, size=count) * SECONDS_A_DAY
    written.closed[backwards] = minutes(before)
    written.due[undated] = None
    written.closed[unresolved] = None
    kinds = procedures()
    written.code[outdated] = kinds.old_code(
        dossiers.procedure[outdated], rng.integers(0, kinds.old_count[dossiers.procedure[outdated]])
    )
    written.code[unknown] = np.resize(np.array(UNKNOWN, dtype=object), count)
    written.closed[midnight] = compact(dossiers.closed[midnight] // SECONDS_A_DAY) + "2400"
    odd: Array = np.resize(np.array(UNREADABLE, dtype=object), count)
    written.received[unreadable] = compact(days[unreadable]) + odd
    for check, defect, note, rows in (
        ("GDT-H01", "D-36", "trả kết quả trước khi tiếp nhận", backwards),
        ("GDT-H02", "D-36", "không có ngày hẹn trả", undated),
        ("GDT-H03", "D-36", "đã kết thúc, không có ngày trả", unresolved),
        ("GDT-H04", "D-42", "mã thủ tục cũ sau ngày chuyển", outdated),
        ("GDT-H05", "D-42", "mã thủ tục không có trong danh mục", unknown),
        ("GDT-H06", "D-43", "giờ ghi 24:00", midnight),
        ("GDT-H07", "D-43", "giờ không đọc được", unreadable),
    ):
        notes.write(TABLE, rows + 1, check=check, defect=defect, note=note)
