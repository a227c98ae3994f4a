"""Addresses of the bank."""

from django.urls import path

from exams.bank import views

urlpatterns = [
    path("items/", views.items, name="items"),
    path("items/<str:code>/", views.item, name="item"),
]
