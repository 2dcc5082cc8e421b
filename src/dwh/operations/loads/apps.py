from __future__ import annotations

from django.apps import AppConfig


class LoadsConfig(AppConfig):
    name = "dwh.operations.loads"
    label = "loads"
    verbose_name = "Nạp tệp"
