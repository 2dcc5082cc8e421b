from __future__ import annotations

from django.urls import path

from dwh.operations.runs import views

app_name = "runs"
urlpatterns = [
    path("dong-bo/", views.sync, name="sync"),
    path("dong-bo/lich-su/", views.history_page, name="history"),
    path("dong-bo/chay/", views.ask, name="ask"),
    path("dong-bo/doc-lai/", views.ask_again, name="ask_again"),
    path("dong-bo/tam-dung/", views.pause, name="pause"),
    path("dong-bo/doc-tiep/", views.resume, name="resume"),
    path("dong-bo/canh-bao/<int:pk>/da-biet/", views.acknowledge, name="acknowledge"),
    path("dong-bo/lich/", views.set_schedule, name="schedule"),
    path("dong-bo/luot/<int:pk>/", views.run_page, name="run"),
    path("dong-bo/luot/<int:pk>/dung/", views.stop, name="stop"),
    path("dong-bo/luot/<int:pk>/chay-lai/", views.retry, name="retry"),
]
