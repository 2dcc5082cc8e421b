from __future__ import annotations

from django.urls import path

from dwh.operations.parameters import views

app_name = "parameters"
urlpatterns = [
    path("tham-so/", views.index, name="index"),
    path("tham-so/thay-doi/<int:pk>/rut/", views.withdraw, name="withdraw"),
    path("tham-so/<str:code>/", views.change, name="change"),
]
