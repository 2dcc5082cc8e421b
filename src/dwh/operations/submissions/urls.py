from __future__ import annotations

from django.urls import path

from dwh.operations.submissions import views

app_name = "submissions"
urlpatterns = [
    path("gui-bao-cao/", views.index, name="index"),
    path("gui-bao-cao/lich/", views.set_requirement, name="set"),
    path("gui-bao-cao/gui/", views.sent, name="sent"),
    path("gui-bao-cao/<int:pk>/nhan/", views.received, name="received"),
]
