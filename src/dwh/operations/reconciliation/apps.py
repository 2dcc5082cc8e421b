from __future__ import annotations

from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "dwh.operations.reconciliation"
    label = "reconciliation"
    verbose_name = "Đối soát"
