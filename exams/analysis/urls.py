"""Addresses of analysis. Included before the bank's, whose items/<code>/ would take them."""

from django.urls import path

from exams.analysis import views

urlpatterns = [path("items/report/", views.item_report, name="item_report")]
