"""How people search the access log."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from dwh.kernel.audit.models import Kind

LAST_YEAR = 2200  # beyond what anybody searches, within what a time zone can shift


class LogFilterForm(forms.Form):
    """Person, kind of record, days. Everything may be left out."""

    nguoi = forms.CharField(required=False, max_length=254)
    loai = forms.ChoiceField(
        required=False,
        choices=[("", "Mọi việc"), *Kind.choices],
        error_messages={"invalid_choice": "Không có loại việc này. Chọn lại trong danh sách."},
    )
    tu = forms.DateField(
        required=False, error_messages={"invalid": "Ngày bắt đầu không hợp lệ. Chọn lại ngày."}
    )
    den = forms.DateField(
        required=False, error_messages={"invalid": "Ngày kết thúc không hợp lệ. Chọn lại ngày."}
    )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        start: date | None = found.get("tu")
        end: date | None = found.get("den")
        for name in ("tu", "den"):
            if found.get(name) and not 2000 <= found[name].year <= LAST_YEAR:
                self.add_error(name, f"Năm phải từ 2000 đến {LAST_YEAR}. Chọn lại ngày.")
        if start and end and end < start:
            self.add_error("den", f"Ngày kết thúc phải từ {start:%d/%m/%Y}. Chọn lại ngày hoặc để trống.")
        return found
