"""The query document: the same keys on screen, command line, API and export. Parsing and checking only.

`Query.from_json` refuses whatever it does not understand, in one Vietnamese sentence that says what to do;
`check` holds it against the catalogue and the last month that has data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dwh.datapath.semantic.calculations.document import Calculation, read_calculations
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.check import check
from dwh.datapath.semantic.reading import clean, listed, names, only_known, shown, text_of, truth
from dwh.datapath.semantic.words import AS_IS, AS_OF, AS_WAS, Catalog
from dwh.kernel.errors import Invalid

OPS: Final = {
    "in": (1, 1000),
    "not_in": (1, 1000),
    "eq": (1, 1),
    "gte": (1, 1),
    "lte": (1, 1),
    "between": (2, 2),
}
MAX_FIELDS: Final = 6  # on one axis: every level more is one more set of totals
MAX_VALUES: Final = 40
MAX_LIMIT: Final = 50_000
_KEYS: Final = (
    "subject", "rows", "columns", "values", "filters", "org_basis", "totals", "sort", "limit", "others",
    "calculations",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """`field` is a level; `values` are its keys (periods as 2025, 2025-Q3 or 2025-09)."""

    field: str
    op: str
    values: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"field": self.field, "op": self.op, "values": list(self.values)}


@dataclass(frozen=True, slots=True)
class Sort:
    """Order of the row members: by a field of the rows or by a value (its total over the columns)."""

    field: str
    desc: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"field": self.field, "desc": self.desc}


@dataclass(frozen=True, slots=True)
class Query:
    """One question. Immutable and hashable, so it can be logged, compared and asked again."""

    subject: str
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    org_basis: str = AS_WAS
    totals: bool = True
    sort: tuple[Sort, ...] = ()
    limit: int | None = None
    others: bool = False  # beside `limit`: the members left out as one row under each parent
    calculations: tuple[Calculation, ...] = ()

    @classmethod
    def from_json(
        cls, document: Any, *, catalog: Catalog | None = None, latest_month: str | None = None
    ) -> Query:
        """Return the question of a decoded JSON document, checked against the catalogue.

        Raises:
            Invalid: an unknown key, a wrong type, no value, a repeated field, an impossible period.
            UnknownField: a name the subject does not have; the nearest one is offered.
        """
        query = _read(document)
        check(query, catalog or load_catalog(), latest_month=latest_month)
        return query

    @classmethod
    def from_text(cls, text: str, *, latest_month: str | None = None) -> Query:
        """Return the question of a JSON text, as `dwh ask` reads it."""
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Invalid(
                "Tệp câu hỏi không phải JSON hợp lệ. Hãy kiểm tra dấu ngoặc và dấu phẩy."
            ) from error
        return cls.from_json(document, latest_month=latest_month)

    def to_json(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "subject": self.subject,
            "rows": list(self.rows),
            "columns": list(self.columns),
            "values": list(self.values),
            "filters": [one.to_json() for one in self.filters],
            "org_basis": self.org_basis,
            "totals": self.totals,
        }
        if self.sort:
            document["sort"] = [one.to_json() for one in self.sort]
        if self.limit is not None:
            document["limit"] = self.limit
        if self.others:
            document["others"] = True
        if self.calculations:
            document["calculations"] = [one.to_json() for one in self.calculations]
        return document


def _read(document: Any) -> Query:
    if not isinstance(document, Mapping):
        raise Invalid("Câu hỏi phải là một đối tượng JSON có khóa «subject» và «values».")
    only_known(document, _KEYS, "Câu hỏi")
    return Query(
        subject=text_of(document.get("subject"), "subject"),
        rows=names(document, "rows", MAX_FIELDS),
        columns=names(document, "columns", MAX_FIELDS),
        values=names(document, "values", MAX_VALUES),
        filters=tuple(_read_filter(one) for one in listed(document, "filters", MAX_VALUES)),
        org_basis=basis_of(document.get("org_basis", AS_WAS)),
        totals=truth(document, "totals", otherwise=True),
        sort=tuple(_read_sort(one) for one in listed(document, "sort", MAX_FIELDS)),
        limit=_read_limit(document.get("limit")),
        others=truth(document, "others", otherwise=False),
        calculations=read_calculations(document),
    )


def basis_of(basis: Any) -> str:
    """Return the tree of units as a question writes it. Raises Invalid for what is none."""
    if basis in (AS_WAS, AS_IS):
        return str(basis)
    day = basis.removeprefix(AS_OF) if isinstance(basis, str) and basis.startswith(AS_OF) else ""
    try:
        return f"{AS_OF}{date.fromisoformat(day).isoformat()}"
    except ValueError:
        raise Invalid(
            f"«org_basis» không nhận «{shown(basis)}». Hãy dùng as_was (đơn vị tại thời điểm phát sinh), as_is"
            " (đơn vị hiện nay) hoặc as_of: và một ngày, như as_of:2024-12-31."
        ) from None


def _read_filter(one: Any) -> Filter:
    if not isinstance(one, Mapping):
        raise Invalid('Mỗi bộ lọc phải có dạng {"field": …, "op": …, "values": […]}.')
    only_known(one, ("field", "op", "values"), "Bộ lọc")
    field, op = text_of(one.get("field"), "field"), one.get("op")
    if not isinstance(op, str) or op not in OPS:
        raise Invalid(f"Phép lọc «{shown(op)}» không có. Các phép lọc: {', '.join(OPS)}.", field=field)
    values = one.get("values")
    if not isinstance(values, list):
        raise Invalid(f'«values» của bộ lọc «{field}» phải là một danh sách, ví dụ ["2025"].', field=field)
    least, most = OPS[op]
    if not least <= len(values) <= most:
        wanted = f"đúng {least}" if least == most else f"từ {least} đến {most}"
        raise Invalid(
            f"Phép lọc {op} của «{field}» cần {wanted} giá trị, câu hỏi có {len(values)}.", field=field
        )
    return Filter(field, op, tuple(_filter_value(value, field) for value in values))


def _filter_value(value: Any, field: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        return str(value)
    if isinstance(value, str) and value and len(value) <= 200:
        return clean(value, field)
    raise Invalid(
        f"Giá trị lọc của «{field}» phải là chuỗi không rỗng (tối đa 200 ký tự) hoặc số nguyên.", field=field
    )


def _read_sort(one: Any) -> Sort:
    if not isinstance(one, Mapping):
        raise Invalid('Mỗi mục sắp xếp phải có dạng {"field": …, "desc": true}.')
    only_known(one, ("field", "desc"), "Mục sắp xếp")
    desc = one.get("desc", False)
    if not isinstance(desc, bool):
        raise Invalid("«desc» của mục sắp xếp phải là true hoặc false.")
    return Sort(text_of(one.get("field"), "field"), desc)


def _read_limit(limit: Any) -> int | None:
    if limit is None:
        return None
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MAX_LIMIT:
        raise Invalid(f"«limit» phải là số nguyên từ 1 đến {MAX_LIMIT}.")
    return limit
