from __future__ import annotations

from django.apps import AppConfig


class ChecksConfig(AppConfig):
    name = "dwh.operations.checks"
    label = "checks"
    verbose_name = "Kiểm tra CSDL"
