from __future__ import annotations

from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "dwh.operations.runs"
    label = "runs"
    verbose_name = "Vận hành dữ liệu"
