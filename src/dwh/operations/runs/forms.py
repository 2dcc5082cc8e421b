"""What people type on the pages of the data path."""

from __future__ import annotations

from django import forms

from dwh.datapath.sources.contract import source_names
from dwh.operations.runs.rules import KIND_LABELS


class AskRunForm(forms.Form):
    """Which work to run now."""

    kind = forms.ChoiceField(choices=list(KIND_LABELS.items()))
    source = forms.ChoiceField(
        choices=lambda: [("", "Mọi nguồn"), *((s, s) for s in source_names())], required=False
    )


class ReadAgainForm(forms.Form):
    """Which days of which source to read again."""

    source = forms.ChoiceField(choices=lambda: [(s, s) for s in source_names()])
    since = forms.DateField()
    until = forms.DateField()


class PauseForm(forms.Form):
    """Which source nobody is to read, why, and until when; without a last day until it is resumed."""

    source = forms.ChoiceField(choices=lambda: [(s, s) for s in source_names()])
    reason = forms.CharField(max_length=400, required=False)
    last_day = forms.DateField(required=False)


class ScheduleForm(forms.Form):
    """How often everything is read and published."""

    every_minutes = forms.IntegerField(label="Chạy mỗi (phút)", min_value=5, max_value=31 * 24 * 60)
    opens_at = forms.TimeField(label="Đọc nguồn từ", required=False)
    closes_at = forms.TimeField(label="đến", required=False)
    is_paused = forms.BooleanField(required=False)
