"""The data dictionary as a person may read it: every table and column, the figures of the subjects he was given."""

from __future__ import annotations

from datetime import date

from dwh.datapath.dictionary.collect import load_dictionary
from dwh.datapath.dictionary.entries import Dictionary
from dwh.governance.access.http import denied_for
from dwh.governance.access.models import Account
from dwh.governance.access.rules import ALL_SUBJECTS
from dwh.governance.access.services import permissions_of, subjects_for
from dwh.kernel.law import QD_2366, cites

PERMISSION = "dictionary:view"


@cites(QD_2366.art("5.2"))
def dictionary_for(by: Account, today: date) -> Dictionary:
    """Return the dictionary, closed at the subjects `by` was not given: of their figures only the names stand there.

    It holds names, never a value, so nothing is masked in it and no question is put on record.

    Raises: Denied, when `by` holds no right today.
    Source: QĐ-2366 Điều 5.2 (by function).
    """
    if PERMISSION not in permissions_of(by, today):
        raise denied_for(PERMISSION)
    allowed = subjects_for(by, PERMISSION, today)
    whole = load_dictionary()
    return whole if ALL_SUBJECTS in allowed else whole.opened_for(allowed)
