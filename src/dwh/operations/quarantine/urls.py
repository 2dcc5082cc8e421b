from __future__ import annotations

from django.urls import path

from dwh.operations.quarantine import views

app_name = "quarantine"
urlpatterns = [
    path("du-lieu-loi/", views.desk_page, name="desk"),
    path("du-lieu-loi/dong/<slug:table>/<int:key>/", views.row_page, name="row"),
    path("du-lieu-loi/xem-truoc/", views.preview, name="preview"),
    path("du-lieu-loi/ghi/", views.decide, name="decide"),
    path("du-lieu-loi/quyet-dinh/", views.decisions, name="decisions"),
    path("du-lieu-loi/quyet-dinh/<int:pk>/duyet/", views.approve, name="approve"),
    path("du-lieu-loi/quyet-dinh/<int:pk>/tu-choi/", views.refuse, name="refuse"),
    path("du-lieu-loi/quyet-dinh/<int:pk>/hoan-tac/", views.undo, name="undo"),
]
