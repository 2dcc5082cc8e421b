from __future__ import annotations

from django.apps import AppConfig


class QuarantineConfig(AppConfig):
    name = "dwh.operations.quarantine"
    label = "quarantine"
    verbose_name = "Dữ liệu lỗi"
