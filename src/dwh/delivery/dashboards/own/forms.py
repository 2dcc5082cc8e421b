"""What the forms of the editor say, read into plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from dwh.delivery.dashboards.own.questions import query_of_link, ready_for
from dwh.delivery.dashboards.own.services import NewTile
from dwh.governance.access.models import Account
from dwh.kernel.errors import Invalid


def new_tile(posted: Mapping[str, str], account: Account, today: date) -> NewTile:
    """Return the tile a form asks for: its question from a saved analysis (`luu`) or a pasted link (`lien_ket`).

    Raises:
        Invalid: neither is given, or the link is none.
    """
    kind, title = posted.get("loai", ""), posted.get("tieu_de", "").strip()
    if kind == "text":
        return NewTile(kind, title, text=posted.get("noi_dung", ""))
    if posted.get("lien_ket", "").strip():
        return NewTile(kind, title, query=query_of_link(posted["lien_ket"]))
    chosen = next((one for one in ready_for(account, today) if one.key == posted.get("luu", "")), None)
    if chosen is None:
        raise Invalid("Chọn một phân tích đã lưu, hoặc dán liên kết của một phân tích.", field="luu")
    return NewTile(kind, title or chosen.name, query=json.dumps(dict(chosen.query)))


def place(posted: Mapping[str, str]) -> tuple[int, int] | None:
    """Return column and row where a tile was dropped; None when the form names a step instead. Raises Invalid."""
    x, y = posted.get("x", ""), posted.get("y", "")
    if not x and not y:
        return None
    if not (x.isdecimal() and y.isdecimal() and len(x) < 4 and len(y) < 4):
        raise Invalid("Vị trí của ô không đọc được. Tải lại trang rồi kéo lại.")
    return int(x), int(y)
