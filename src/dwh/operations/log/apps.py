from __future__ import annotations

from django.apps import AppConfig


class LogConfig(AppConfig):
    name = "dwh.operations.log"
    label = "log"
    verbose_name = "Nhật ký"
