"""Pages of a round's raw events."""

from django.urls import path

from kaohe_web.measuring import views

HERE = "rounds/<int:round_id>/events"
urlpatterns = [
    path(f"{HERE}/", views.events, name="events"),
    path(f"{HERE}/define/", views.define, name="events_define"),
    path(f"{HERE}/drop/", views.drop, name="events_drop"),
    path(f"{HERE}/suggest/", views.suggest, name="events_suggest"),
    path(f"{HERE}/upload/", views.upload, name="events_upload"),
    path(f"{HERE}/rows/", views.rows, name="events_rows"),
    path(f"{HERE}/mend/", views.mend, name="events_mend"),
    path(f"{HERE}/waive/", views.waive, name="events_waive"),
    path(f"{HERE}/measure/", views.measure, name="events_measure"),
]
