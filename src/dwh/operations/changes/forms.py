"""What the form of a request and the address of the list say. No authority is looked at here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.dateparse import parse_date

from dwh.datapath.dictionary.entries import Dictionary
from dwh.kernel.errors import Invalid
from dwh.operations.changes.models import ChangeRequest
from dwh.operations.changes.rules import KIND_LABELS, STATE_LABELS, Kind
from dwh.operations.changes.services import Text, missing_of

KINDS = [(str(kind), label) for kind, label in KIND_LABELS.items() if kind != Kind.SOURCE]
ORDERS = {
    "moi": "Mới nhất",
    "cu": "Cũ nhất",
    "han": "Hạn gần nhất",
    "don-vi": "Đơn vị",
    "tinh-trang": "Tình trạng",
}
_FIELDS = {  # of a request → of the form
    "kind": "loai", "title": "tieu_de", "what": "noi_dung", "why": "ly_do", "table": "bang", "column": "cot",
    "definition": "dinh_nghia", "completeness": "day_du",
}  # fmt: skip
WAITING, OVERDUE = "cho-toi", "qua-han"
_WRONG = {
    "required": "Hãy điền ô này.",
    "max_length": "Dài quá %(limit_value)d ký tự. Rút gọn, hoặc nêu số văn bản thay cho nội dung.",
    "null_characters_not_allowed": "Có ký tự không đọc được. Gõ lại ô này.",
    "invalid": "Ngày không đúng. Chọn lại ngày, hoặc để trống.",
    "invalid_choice": "Chọn loại yêu cầu trong danh sách.",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a request is looked at beside: which tables and columns there are, which day it is."""

    dictionary: Dictionary
    today: date


class ChangeForm(forms.Form):
    """The text of a request."""

    loai = forms.ChoiceField(choices=KINDS, error_messages=_WRONG)
    tieu_de = forms.CharField(max_length=200)
    noi_dung = forms.CharField(max_length=4000)
    ly_do = forms.CharField(max_length=4000)
    can_truoc = forms.DateField(required=False, error_messages=_WRONG)
    bang = forms.CharField(required=False, max_length=120)
    cot = forms.CharField(required=False, max_length=120)
    dinh_nghia = forms.CharField(required=False, max_length=4000)
    day_du = forms.CharField(required=False, max_length=4000)

    def __init__(self, data: Mapping[str, Any] | None, known: Known, **named: Any) -> None:
        super().__init__(data, **named)
        self.known = known
        for field in self.fields.values():
            field.error_messages |= _WRONG

    def clean(self) -> dict[str, Any]:
        """Find everything that is wrong at once: what lacks, and a table or column the dictionary does not have.

        A new element's column need not exist.
        """
        words: dict[str, Any] = self.cleaned_data
        for field, ask in missing_of(self.text(), self.known.today):
            if field not in self.errors:
                self.add_error(field, ask)
        table = self.known.dictionary.tables.get(words.get("bang", ""))
        if words.get("bang") and table is None:
            self.add_error("bang", "Từ điển dữ liệu không có bảng này. Chọn một bảng trong danh sách gợi ý.")
        column, is_new = words.get("cot"), words.get("loai") == Kind.ELEMENT
        if column and not words.get("bang"):
            self.add_error("bang", "Chọn bảng có cột này, hoặc để trống cả hai.")
        elif column and table and not is_new and column not in {one.name for one in table.columns}:
            self.add_error("cot", f"Bảng «{table.label}» không có cột này. Xem tên cột ở Từ điển dữ liệu.")
        return words

    def text(self) -> Text:
        """Return what the form says; what could not be read is empty."""
        said = {name: word or "" for name, word in self.cleaned_data.items() if name != "can_truoc"}
        words = {name: said.get(field, "") for name, field in _FIELDS.items()}
        return Text(**words, wanted_by=self.cleaned_data.get("can_truoc"))


def values_of(request: ChangeRequest) -> dict[str, Any]:
    """Return what the form shows of a request that is written anew."""
    words = {field: getattr(request, name) for name, field in _FIELDS.items()}
    return words | {"can_truoc": request.wanted_by.isoformat() if request.wanted_by else ""}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests the list shows: a tab, a kind, words, an order, a page. An unknown word says nothing."""

    tab: str = ""
    kind: str = ""
    words: str = ""
    order: str = "moi"
    page: str = ""

    def to(self, **changes: str) -> str:
        """Return the address with these words changed; another choice begins at its first page."""
        said = {"tinh_trang": self.tab, "loai": self.kind, "tim": self.words, "sap": self.order, **changes}
        plain = {name: word for name, word in said.items() if word and (name, word) != ("sap", "moi")}
        return "?" + urlencode(plain)


def read_wanted(data: Mapping[str, str]) -> Wanted:
    """Return what the address of the list asks for."""
    tab, kind, order = (data.get(name, "") for name in ("tinh_trang", "loai", "sap"))
    return Wanted(
        tab if tab in {WAITING, OVERDUE, *map(str, STATE_LABELS)} else "",
        kind if kind in set(map(str, KIND_LABELS)) else "",
        data.get("tim", "")[:80].replace("\x00", "").strip(),
        order if order in ORDERS else "moi",
        data.get("trang", ""),
    )


def read_day(text: str) -> date | None:
    """Return the day typed, None for none. Raises Invalid when it is no day."""
    try:
        found = parse_date(text.strip()) if text.strip() else None
    except ValueError:
        found = None
    if text.strip() and found is None:
        raise Invalid("Hạn xong không đúng. Chọn lại ngày.", field="han")
    return found


def read_revision(text: str) -> int:
    """Return the revision a decision is about; one nobody has when the form lost it."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
