"""What may be kept of a question: one the person may ask, and none that names a person in its filters."""

from __future__ import annotations

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.governance.sharing import rules
from dwh.governance.sharing.rules import Viewer
from dwh.kernel.errors import Denied, Invalid


def kept_query(text: str, who: Viewer) -> Query:
    """Return the question of a JSON text, fit to be kept and shared.

    Raises:
        Invalid: it is none, it is too long, or it filters by a person. Denied: a subject not his.

    Source: QC-DWH Điều 3.2b; QĐ-2366 Điều 5.3 (no personal data outside their place).
    """
    if len(text) > rules.LONGEST_DOCUMENT:
        raise Invalid("Câu hỏi dài quá mức lưu được. Bớt giá trị ở Bộ lọc, hoặc chọn cấp lớn hơn.")
    query = Query.from_text(text)
    if not who.may_ask(query.subject):
        raise Denied("Ông/bà chưa được giao chủ đề này nên không lưu được phân tích của nó.")
    subject = load_catalog().subject(query.subject)
    personal = [one.field for one in query.filters if subject.field(one.field).level.personal]
    if personal:
        raise Invalid(
            f"Bộ lọc «{subject.field(personal[0]).label}» nêu dữ liệu cá nhân nên không lưu được. "
            "Bỏ bộ lọc ấy rồi lưu."
        )
    return query
