"""The parameter form of a fixed report: every field checked, each fault said with its remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from dwh.delivery.reports.parameters import ALL, ALL_VISITS, Parameters
from dwh.kernel.vi import month_vi

Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Options:
    """What this person may choose from today: units in his area (org_code, name), code lists, last month."""

    units: Sequence[Option]
    visit_types: Sequence[Option]
    classes: Sequence[Option]
    levels: Sequence[Option]
    years: Sequence[int]
    data_until: str


class B02Form(forms.Form):
    """Parameters of B02 by their names in the sector's exports (ma_tinh, tu_thang, den_thang, nam …)."""

    ma_tinh = forms.ChoiceField(label="Đơn vị")
    nam = forms.TypedChoiceField(label="Năm", coerce=int)
    tu_thang = forms.IntegerField(label="Từ tháng", min_value=1, max_value=12)
    den_thang = forms.IntegerField(label="Đến tháng", min_value=1, max_value=12)
    ma_loai_kcb = forms.ChoiceField(label="Loại hình KCB")
    hang_bv = forms.ChoiceField(label="Hạng bệnh viện")
    tuyen = forms.ChoiceField(label="Tuyến")

    def __init__(self, data: Mapping[str, Any] | None, *, options: Options) -> None:
        super().__init__(data, label_suffix="")
        self._options = options
        self._offer("ma_tinh", options.units)
        self._offer("nam", [(str(year), str(year)) for year in options.years])
        self._offer("ma_loai_kcb", [(ALL_VISITS, "Tất cả"), *options.visit_types])
        self._offer("hang_bv", [(ALL, "Tất cả"), *options.classes])
        self._offer("tuyen", [(ALL, "Tất cả"), *options.levels])
        for field in self.fields.values():
            label = str(field.label)
            field.error_messages |= _messages(label[:1].lower() + label[1:])  # KCB stays KCB
        for name, field in self.fields.items():
            if self.errors_of(name):
                field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"loi-{name}"}

    def _offer(self, name: str, choices: Sequence[Option]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def errors_of(self, name: str) -> list[str]:
        return [str(error) for error in self.errors.get(name, [])] if self.is_bound else []

    @property
    def faults(self) -> list[str]:
        """Return every fault as the sentence people read."""
        return [str(fault) for faults in self.errors.values() for fault in faults]

    def clean(self) -> dict[str, Any]:
        """Check the period as a whole: not reversed, not after the last month with data."""
        given = super().clean() or {}
        first, last, year = given.get("tu_thang"), given.get("den_thang"), given.get("nam")
        if first and last and last < first:
            self.add_error("den_thang", f"Đến tháng phải từ tháng {first} trở đi. Chọn lại tháng cuối kỳ.")
        elif last and year and f"{year}-{last:02d}" > self._options.data_until:
            until = month_vi(self._options.data_until)
            self.add_error(
                "den_thang",
                f"Tháng {last}/{year} chưa có số liệu; tháng gần nhất có là {until}. Chọn tháng sớm hơn.",
            )
        return given

    def parameters(self) -> Parameters:
        """Return the checked parameters; call it on a valid form."""
        given = self.cleaned_data
        return Parameters(
            unit=given["ma_tinh"],
            unit_name=dict(self._options.units)[given["ma_tinh"]],
            year=given["nam"],
            first=given["tu_thang"],
            last=given["den_thang"],
            visit_type=given["ma_loai_kcb"],
            hospital_class=given["hang_bv"],
            level=given["tuyen"],
        )


def _messages(label: str) -> dict[str, str]:
    return {
        "required": f"Chưa chọn {label}. Chọn một giá trị trong danh sách.",
        "invalid_choice": f"Không có {label} «%(value)s» trong phạm vi được giao. Chọn lại trong danh sách.",
        "invalid": f"Ô {label} phải là số nguyên. Nhập lại bằng chữ số.",
        "min_value": f"Ô {label} phải từ 1 đến 12. Nhập lại.",
        "max_value": f"Ô {label} phải từ 1 đến 12. Nhập lại.",
    }
