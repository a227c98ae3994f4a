"""Addresses of the standard."""

from django.urls import path

from syllabus.standard import views

urlpatterns = [
    path("standard/", views.standard, name="standard"),
    path("standard/rules/", views.rules, name="rules"),
    path("standard/<int:number>/", views.standard_level, name="standard_level"),
]
