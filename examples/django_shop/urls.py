"""Where the page is."""

from django.urls import path

from . import views

urlpatterns = [
    path("<str:account_id>/", views.subscriptions, name="subscriptions"),
    path("<str:account_id>/renew", views.renew, name="renew"),
]
