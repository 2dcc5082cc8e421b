from __future__ import annotations

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "dwh.operations.submissions"
    label = "submissions"
    verbose_name = "Lịch gửi báo cáo CSDL"
