from __future__ import annotations

from django.apps import AppConfig


class RollupsConfig(AppConfig):
    name = "dwh.operations.rollups"
    label = "rollups"
    verbose_name = "Bảng tổng hợp sẵn"
