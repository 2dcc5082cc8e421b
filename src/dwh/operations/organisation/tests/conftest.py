from __future__ import annotations

from tests.personas import clerk, dung, khanh, lan, minh, nam, today, tuan  # noqa: F401 -- the cast
