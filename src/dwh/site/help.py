"""Which section of the help tells of the page one is on; «Trợ giúp» at the top leads there.

Source: QC-DWH Điều 10.2, QĐ-3582 II.2.3¶2 (units and persons are guided in using the DWH).
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from dwh.kernel.law import QC_DWH, cites

SECTIONS: Final = {  # namespace of the address, or its name where it has none -> id of the section
    "home": "mot-con-so",
    "search": "phim-tat",
    "my_rights": "bi-tu-choi",
    "dashboards": "bang-thong-tin",
    "own_boards": "bang-cua-toi",
    "reports": "bao-cao",
    "analysis": "phan-tich",
    "analyses": "da-luu",
    "exchange": "phan-tich",
    "runs": "dong-bo",
    "quarantine": "du-lieu-loi",
    "quality": "chat-luong",
    "reconciliation": "doi-soat",
    "organisation": "to-chuc",
    "dictionary": "tu-dien",
    "changes": "yeu-cau",
    "parameters": "tham-so",
    "rollups": "bang-tong-hop",
    "submissions": "gui-bao-cao",
    "checks": "kiem-tra",
    "retention": "luu-giu",
    "log": "nhat-ky",
}


@cites(QC_DWH.art("10.2"))
def section_of(request: HttpRequest) -> str:
    """Return the id of the help's section for this page; empty: the help from its beginning."""
    match = getattr(request, "resolver_match", None)
    return SECTIONS.get(match.namespace or match.url_name or "", "") if match else ""
