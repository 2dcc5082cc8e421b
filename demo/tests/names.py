"""When a name is damaged (D-39), for the rules of every system."""

from __future__ import annotations

import re
import unicodedata


def is_damaged(name: str) -> bool:
    """Tell whether a name has odd characters or is not composed."""
    odd = re.search(r"[\x00-\x1f\x7f\u00a1-\u00bf]", name)
    return odd is not None or unicodedata.normalize("NFC", name) != name
