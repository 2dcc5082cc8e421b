from __future__ import annotations

from django.urls import path

from dwh.operations.retention import views

app_name = "retention"
urlpatterns = [
    path("thoi-han-luu-giu/", views.index, name="index"),
    path("thoi-han-luu-giu/quyet-dinh/", views.decide, name="decide"),
    path("thoi-han-luu-giu/quyet-dinh/<int:pk>/rut/", views.withdraw, name="withdraw"),
]
