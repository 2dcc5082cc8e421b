from __future__ import annotations

from django.apps import AppConfig


class ParametersConfig(AppConfig):
    name = "dwh.operations.parameters"
    label = "parameters"
    verbose_name = "Tham số kỹ thuật"
