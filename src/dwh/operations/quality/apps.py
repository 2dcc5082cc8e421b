from __future__ import annotations

from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "dwh.operations.quality"
    label = "quality"
    verbose_name = "Chất lượng dữ liệu"
