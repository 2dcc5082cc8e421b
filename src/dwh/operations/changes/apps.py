from __future__ import annotations

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "dwh.operations.changes"
    label = "changes"
    verbose_name = "Yêu cầu thay đổi"
