from __future__ import annotations

from django.apps import AppConfig


class OwnBoardsConfig(AppConfig):
    name = "dwh.delivery.dashboards.own"
    label = "own_boards"
    verbose_name = "Bảng của tôi"
