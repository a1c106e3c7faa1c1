"""Pages of results."""

from django.urls import path

from kaohe_web.results import views

urlpatterns = [
    path("cards/", views.my_cards, name="my_cards"),
    path("rounds/<int:round_id>/card/", views.my_card, name="my_card"),
    path("rounds/<int:round_id>/cards/<str:subject>/", views.card, name="card"),
    path("rounds/<int:round_id>/cards/<str:subject>/v<int:version>/", views.card, name="card_version"),
    path("rounds/<int:round_id>/cards/<str:subject>/confirm/", views.confirm, name="confirm"),
    path("rounds/<int:round_id>/recompute/", views.recompute, name="recompute"),
]
