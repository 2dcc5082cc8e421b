from __future__ import annotations

from django.apps import AppConfig


class AnalysesConfig(AppConfig):
    name = "dwh.delivery.analyses"
    label = "analyses"
    verbose_name = "Phân tích đã lưu"
