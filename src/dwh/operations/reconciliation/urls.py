from __future__ import annotations

from django.urls import path

from dwh.operations.reconciliation import views

app_name = "reconciliation"
urlpatterns = [
    path("doi-soat/", views.index, name="index"),
    path("doi-soat/ky/", views.sign_agreeing, name="sign_agreeing"),
    path("doi-soat/phieu/", views.discrepancies, name="discrepancies"),
    path("doi-soat/phieu/<int:pk>/tra-loi/", views.answer, name="answer"),
    path("doi-soat/phieu/<int:pk>/dong/", views.close, name="close"),
    path("doi-soat/<int:pk>/", views.table, name="table"),
    path("doi-soat/<int:pk>/ky/", views.sign, name="sign"),
    path("doi-soat/<int:pk>/bao/", views.report, name="report"),
]
