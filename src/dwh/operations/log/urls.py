from __future__ import annotations

from django.urls import path

from dwh.operations.log import views

app_name = "log"
urlpatterns = [
    path("nhat-ky/", views.log, name="index"),
]
