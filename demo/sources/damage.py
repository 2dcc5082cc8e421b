"""How a name or a personal number goes wrong in every system alike."""

from __future__ import annotations

import unicodedata

TCVN3 = str.maketrans("áàảãạăâêôơưđ", "¸µ¶·¹¨©ª«¬\u00ad®")  # what old fonts leave behind


def damaged_name(name: str, k: int) -> str:
    """Return the name decomposed, with a control character, or in an old font's letters (D-39)."""
    if k % 3 == 0:
        return unicodedata.normalize("NFD", name)
    if k % 3 == 1:
        return f"{name}\u0007"
    return f"Nguyễn Văn {name.rsplit(maxsplit=1)[-1]}".translate(TCVN3)


def misspelt_citizen_id(k: int) -> str:
    """Return eleven digits, or a letter among them: never a CCCD (D-03)."""
    return ("0" * 9 + f"{k:02d}", f"03420000{k:03d}", f"C{k:08d}")[k % 3]


def half_date(whole: str, k: int) -> str:
    """Return dd/mm/yyyy without its day, or with the year only (D-05)."""
    return (whole[6:], whole[3:], f"00/00/{whole[6:]}")[k % 3]
