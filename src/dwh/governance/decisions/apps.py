from __future__ import annotations

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "dwh.governance.decisions"
    label = "decisions"
    verbose_name = "Quyết định dữ liệu lỗi"
