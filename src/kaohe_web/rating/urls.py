"""Pages of rating."""

from django.urls import path

from kaohe_web.rating import views

urlpatterns = [
    path("rate/", views.tasks, name="rate"),
    path("rate/<int:round_id>/", views.first, name="rate_round"),
    path("rate/<int:round_id>/<str:item>/", views.grid, name="rate_item"),
    path("rate/<int:round_id>/<str:item>/save/", views.save, name="rate_save"),
    path("rate/<int:round_id>/<str:item>/give/", views.give, name="rate_give"),
    path("rate/<int:round_id>/<str:item>/submit/", views.submit, name="rate_submit"),
    path("rounds/<int:round_id>/self/", views.own, name="own"),
    path("rounds/<int:round_id>/self/save/", views.say_own, name="own_save"),
]
