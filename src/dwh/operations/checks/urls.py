from __future__ import annotations

from django.urls import path

from dwh.operations.checks import views

app_name = "checks"
urlpatterns = [
    path("kiem-tra-csdl/", views.index, name="index"),
    path("kiem-tra-csdl/<int:pk>/", views.record, name="record"),
    path("kiem-tra-csdl/<int:pk>/ky/", views.sign, name="sign"),
    path("kiem-tra-csdl/<int:pk>/dinh-chinh/", views.correct, name="correct"),
    path("kiem-tra-csdl/<int:pk>/<str:form>/", views.file, name="file"),
]
