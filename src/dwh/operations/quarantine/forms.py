"""What the addresses and forms of the desk say, turned into what is asked for. No authority is looked at here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args
from urllib.parse import urlencode

from django import forms
from django.core.validators import BaseValidator
from django.http import QueryDict

from dwh.datapath.desk.reading import ORDERS, By
from dwh.governance.decisions.orders import Choice, Order
from dwh.governance.decisions.rules import VERDICT_LABELS, Verdict
from dwh.governance.desk import AGES, Asked
from dwh.kernel import vi
from dwh.kernel.errors import Invalid

AGE_WORDS = ("tren-20", "6-20", "2-5", "0-1")  # oldest first, as AGES divides them
STATE_WORDS = {  # of the address → states of the rows
    "giu": (),
    "cho": ("waiting",),
    "sua": ("fix",),
    "nhan": ("proposed", "accepting", "accepted", "locked"),
    "loai": ("rejecting", "rejected"),
}
BY_WORDS: dict[str, By] = dict(zip(("kiem-tra", "don-vi", "nguon", "tuoi"), get_args(By), strict=True))
ORDER_WORDS = dict(zip(("tien", "cu", "moi", "don-vi", "ky"), ORDERS, strict=True))
assert len(AGE_WORDS) == len(AGES) + 1


LONGEST_REASON = 2_000  # characters; ours: what is longer belongs into the paper it names
SAID_WRONG = {  # in the sector's words; Django's own are a stranger's
    "invalid_choice": "không có lựa chọn này.",
    "invalid": "phải là một số nguyên.",
    "max_length": "dài quá %(limit_value)d ký tự.",
    "min_value": "phải từ %(limit_value)d trở lên.",
    "max_value": "nhiều nhất là %(limit_value)d.",
}


class DeskForm(forms.Form):
    """What the address of the desk may say; everything may be left out."""

    kiem_tra = forms.CharField(required=False, max_length=20)
    nguon = forms.CharField(required=False, max_length=20)
    don_vi = forms.CharField(required=False, max_length=40)
    tuoi = forms.ChoiceField(required=False, choices=[(word, word) for word in AGE_WORDS])
    tinh_trang = forms.ChoiceField(required=False, choices=[(word, word) for word in STATE_WORDS])
    theo = forms.ChoiceField(required=False, choices=[(word, word) for word in BY_WORDS])
    sap = forms.ChoiceField(required=False, choices=[(word, word) for word in ORDER_WORDS])
    tim = forms.CharField(required=False, max_length=80)
    trang = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for field in self.fields.values():
            field.error_messages |= SAID_WRONG
            for validator in field.validators:
                if isinstance(validator, BaseValidator) and validator.code in SAID_WRONG:
                    validator.message = SAID_WRONG[validator.code]


@dataclass(frozen=True, slots=True)
class Address:
    """What the address says, in its own words; other addresses of the desk are written from it."""

    words: Mapping[str, Any]

    def to(self, **changes: Any) -> str:
        """Return the address with these words changed; another choice begins at its first page."""
        said = {**self.words, "trang": None, **changes}
        return "?" + urlencode({name: word for name, word in said.items() if word})

    def word(self, name: str) -> Any:
        """Return what the address says under `name`; empty when it says nothing."""
        return self.words.get(name) or ""

    @property
    def kept(self) -> list[tuple[str, Any]]:
        """Return what a form must repeat to be about the same rows."""
        return [(name, word) for name, word in self.words.items() if word and name != "trang"]


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def read_address(data: QueryDict) -> tuple[Address, Asked]:
    """Return the address and what it asks for. Raises: Invalid when a word is none of its list."""
    form = DeskForm(data)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Invalid(
            f"Địa chỉ trang có «{name}={_short(data.get(name, ''))}» không đúng: {errors[0]} "
            "Mở lại trang Dữ liệu lỗi và chọn lại bộ lọc.",
            field=name,
        )
    words = form.cleaned_data
    asked = Asked(
        Choice(
            check=words["kiem_tra"] or None, source=words["nguon"] or None, org=words["don_vi"] or None,
            states=STATE_WORDS[words["tinh_trang"] or "giu"], search=words["tim"].strip(),
        ),
        by=BY_WORDS[words["theo"] or "kiem-tra"], order=ORDER_WORDS[words["sap"] or "tien"],
        page=words["trang"] or 1, age=AGE_WORDS.index(words["tuoi"]) if words["tuoi"] else None,
    )  # fmt: skip
    return Address(words), asked


def read_order(data: QueryDict) -> tuple[Address, Asked, Order]:
    """Return the verdict a form asks for, about the rows it names or, with `tat_ca`, about all that its filter shows.

    Raises: Invalid when nothing is chosen, or the form was changed on its way.
    """
    address, asked = read_address(data)
    verdict = data.get("quyet_dinh", "")
    if verdict not in VERDICT_LABELS:
        raise Invalid("Chưa chọn quyết định. Quay lại danh sách, chọn dòng rồi bấm một trong ba nút.")
    rows = () if data.get("tat_ca") else tuple(_row(text) for text in data.getlist("dong"))
    if not rows and not data.get("tat_ca"):
        raise Invalid("Chưa chọn dòng nào. Đánh dấu dòng cần quyết định, hoặc chọn cả danh sách theo bộ lọc.")
    expected, reason = data.get("so_dong", ""), data.get("ly_do", "").strip()
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            f"Lý do dài {vi.number(len(reason))} ký tự, nhiều nhất {vi.number(LONGEST_REASON)}. Rút gọn, hoặc nêu số "
            "văn bản thay cho nội dung."
        )
    order = Order(
        Verdict(verdict), replace(asked.choice, rows=rows), reason=reason,
        release=data.get("ban", "")[:20], expected=int(expected) if expected.isdecimal() else None,
    )  # fmt: skip
    return address, asked, order


def _row(text: str) -> tuple[str, int]:
    """Return (table, id) of `table:id`."""
    table, _, key = text.partition(":")
    if not table or not key.removeprefix("-").isdecimal() or len(key) > 18:
        raise Invalid("Không đọc được dòng đã chọn. Tải lại danh sách rồi chọn lại.")
    return table, int(key)
