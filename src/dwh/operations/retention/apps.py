from __future__ import annotations

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "dwh.operations.retention"
    label = "retention"
    verbose_name = "Thời hạn lưu giữ"
