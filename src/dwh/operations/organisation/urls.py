from __future__ import annotations

from django.urls import path

from dwh.operations.organisation import views

app_name = "organisation"
urlpatterns = [
    path("to-chuc/", views.index, name="index"),
    path("to-chuc/don-vi/<str:code>/", views.unit, name="unit"),
    path("to-chuc/thay-doi/moi/", views.new, name="new"),
    path("to-chuc/thay-doi/nhap/", views.enter, name="enter"),
    path("to-chuc/thay-doi/<int:pk>/", views.event, name="event"),
    path("to-chuc/thay-doi/<int:pk>/duyet/", views.approve, name="approve"),
    path("to-chuc/thay-doi/<int:pk>/rut/", views.withdraw, name="withdraw"),
    path("to-chuc/thay-doi/<int:pk>/hoan-tac/", views.undo, name="undo"),
]
