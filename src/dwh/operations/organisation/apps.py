from __future__ import annotations

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "dwh.operations.organisation"
    verbose_name = "Tổ chức"
