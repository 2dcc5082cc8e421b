"""What the addresses of the page say, turned into what is asked for. No authority is looked at here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from dwh.datapath.quality.criteria import Criterion
from dwh.governance.scorecard import Asked, Chosen
from dwh.kernel.errors import Invalid

CRITERION_WORDS = dict(zip(("chinh-xac", "day-du", "kip-thoi"), Criterion, strict=True))
SORT_WORDS = ("ten", "dong", *CRITERION_WORDS)
WORST_FIRST = "chinh-xac"  # how the table stands when nothing was chosen
ROWS_ONLY = ("tieu_chi", "kiem_tra", "trang", "truc_tiep")
TABLE_ONLY = ("sap", "tim")
_MONTH = r"^20\d{2}-(0[1-9]|1[0-2])$"


class QualityForm(forms.Form):
    """What the address may say; everything may be left out."""

    don_vi = forms.CharField(required=False, max_length=40)
    nguon = forms.CharField(required=False, max_length=20)
    tu = forms.RegexField(_MONTH, required=False)
    den = forms.RegexField(_MONTH, required=False)
    khong_ky = forms.ChoiceField(required=False, choices=[("khong", "khong")])
    sap = forms.ChoiceField(required=False, choices=[(f"{s}{w}", w) for w in SORT_WORDS for s in ("", "-")])
    tim = forms.CharField(required=False, max_length=60)
    tieu_chi = forms.ChoiceField(required=False, choices=[(word, word) for word in CRITERION_WORDS])
    kiem_tra = forms.CharField(required=False, max_length=20)
    truc_tiep = forms.ChoiceField(required=False, choices=[("1", "1")])
    trang = forms.IntegerField(required=False, min_value=1, max_value=100_000)


@dataclass(frozen=True, slots=True)
class Address:
    """What the address says, in its own words; other addresses of the page are written from it."""

    words: Mapping[str, Any]

    @property
    def asked(self) -> Asked:
        return Asked(
            org=self.word("don_vi") or None, source=self.word("nguon") or None, since=self.word("tu"),
            until=self.word("den"), undated=not self.word("khong_ky"),
            direct=bool(self.word("truc_tiep") and self.word("don_vi")),
        )  # fmt: skip

    @property
    def chosen(self) -> Chosen:
        criterion = CRITERION_WORDS[self.word("tieu_chi") or WORST_FIRST]
        return Chosen(criterion, self.word("kiem_tra") or None, self.word("trang") or 1)

    def word(self, name: str) -> Any:
        """Return what the address says under `name`; empty when it says nothing."""
        return self.words.get(name) or ""

    def to(self, *without: str, **changes: Any) -> str:
        """Return the query with these words changed, and without some."""
        said = {**self.words, "trang": None, **changes}
        return "?" + urlencode({name: word for name, word in said.items() if word and name not in without})


def read_address(data: QueryDict) -> Address:
    """Return what the address says. Raises: Invalid when a word is none of its list."""
    form = QualityForm(data)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Invalid(
            f"Địa chỉ trang có «{name}={data.get(name, '')[:40]}» không đúng: {errors[0]} "
            "Mở lại trang Chất lượng và chọn lại bộ lọc.",
            field=name,
        )
    return Address(form.cleaned_data)
