"""Who ordered each service line (MA_BAC_SI), and the few lines whose licence is not registered there on the day."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.claim_rows import Codes
from demo.sources.nation.claims import Claims
from demo.sources.nation.facilities import Facilities
from demo.sources.nation.practitioners import Practitioners
from demo.sources.nation.seeds import stream
from demo.sources.planting import FEWEST, Notebook

Array = Any
TABLE = "gd_dvkt"
RATE = 0.005  # of the service lines: sources.md D-26
TOGETHER = 5  # every fifth line of an inpatient names two, as several may share one


def ordered_by(
    facilities: Facilities, staff: Practitioners, claims: Claims, services: Any, codes: Codes
) -> Array:
    """Return the licence written on each service line: of who practises at the facility its claim names."""
    at = _facility_of(facilities, claims, codes)[services.claim]
    turn = claims.number[services.claim]
    one = staff.licences[staff.first[at] + turn % staff.active[at]]
    shared = claims.inpatient[services.claim] & (np.arange(len(services)) % TOGETHER == 0)
    other = staff.licences[staff.first[at] + (turn + 1) % staff.active[at]]
    return np.where(shared, one + ";" + other, one)


def unregister(
    staff: Practitioners, claims: Claims, lines: tuple[Any, Any, Array], notes: Notebook, seed: int
) -> None:
    """Give a few service lines a licence nobody has, one of another facility, or one that had ended."""
    drugs, services, licences = lines
    rng = stream(seed, "unregistered licences")
    free = np.flatnonzero(~np.isin(services.claim, _spoken_for(claims, drugs, services, notes)))
    rows = np.sort(rng.choice(free, size=max(FEWEST, round(len(services) * RATE)), replace=False))
    for k, row in enumerate(rows.tolist()):
        at = int(claims.facility[services.claim[row]])
        elsewhere = (at + 1) % len(staff.first)
        licences[row] = (
            f"{900_000 + k:06d}/00-CCHN",
            staff.licences[staff.first[elsewhere]],
            staff.licences[staff.first[at] + staff.active[at]],
        )[k % 3]
    notes.write(
        TABLE, rows + 1, check="GD-S03", defect="D-26", note="số chứng chỉ hành nghề không đăng ký tại cơ sở"
    )


def _facility_of(facilities: Facilities, claims: Claims, codes: Codes) -> Array:
    """Return the facility each claim names; one that names none keeps its own."""
    at = claims.facility.copy()
    place = {code: position for position, code in enumerate(facilities.codes)}
    for claim in np.flatnonzero(facilities.codes[at] != codes.facility):
        at[claim] = place.get(codes.facility[claim], at[claim])
    return at


def _spoken_for(claims: Claims, drugs: Any, services: Any, notes: Notebook) -> Array:
    """Return the claims that are deleted, were sent twice or carry another defect."""
    twice = np.isin(claims.number, claims.number[claims.sending > 1])
    owner = {"gd_ho_so": np.arange(len(claims)), "gd_thuoc": drugs.claim, "gd_dvkt": services.claim}
    wrong = [owner[row.table][row.id - 1] for row in notes.rows]
    return np.union1d(np.flatnonzero(claims.deleted | twice), np.array(wrong, dtype=np.int64))
