"""Addresses of the dashboards."""

from __future__ import annotations

from django.urls import path

from dwh.delivery.dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("tong-quan/", views.index, name="index"),
    path("tong-quan/<slug:name>/", views.board, name="board"),
]
