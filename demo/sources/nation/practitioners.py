"""Who may practise where: the licences registered at each facility, `gd_nguoi_hanh_nghe`. Invented.

A licence (CCHN) is registered at one facility. The last of each facility ended before the first visit, as people
retire: whoever asks for the day sees that it is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.facilities import CENTRAL, COMMUNE, DISTRICT, PROVINCIAL, Facilities
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import day

Array = Any
STAFF = {CENTRAL: 30, PROVINCIAL: 18, DISTRICT: 8, COMMUNE: 4}
FIRST, ENDED = (day("2016-01-01"), day("2023-12-31")), day("2024-06-30")
SCOPES = np.array(("Đa khoa", "Nội khoa", "Ngoại khoa", "Nhi khoa", "Y học cổ truyền"), dtype=object)


@dataclass(frozen=True, slots=True)
class Practitioners:
    """One array per attribute; a practitioner is a position, those of a facility lie together."""

    licences: Array
    facility: Array
    scope: Array
    since: Array
    ended: Array  # is the registration over?
    first: Array  # per facility: the position of its first practitioner
    active: Array  # per facility: how many still practise; the one after them has ended

    def __len__(self) -> int:
        return len(self.licences)


def make_practitioners(facilities: Facilities, seed: int) -> Practitioners:
    """Return the registrations of every facility; `since` lies before the first visit of the demonstration."""
    rng = stream(seed, "practitioners")
    count = np.array([STAFF[int(level)] for level in facilities.level])
    first = np.cumsum(count) - count
    facility: Array = np.repeat(np.arange(len(count)), count)
    place = [code[:2] for code in facilities.codes]
    return Practitioners(
        licences=np.array([f"{k + 1:06d}/{place[f]}-CCHN" for k, f in enumerate(facility)], dtype=object),
        facility=facility, scope=SCOPES[rng.integers(len(SCOPES), size=len(facility))],
        since=rng.integers(*FIRST, size=len(facility)),
        ended=np.arange(len(facility)) == (first + count - 1)[facility], first=first, active=count - 1,
    )  # fmt: skip
