"""Addresses of results."""

from django.urls import path

from certs.results import staff_views, views

urlpatterns = [
    path("results/", staff_views.results, name="results"),
    path("results/record/", staff_views.result_record, name="result_record"),
    path("results/ledger/", staff_views.results_ledger, name="results_ledger"),
    path("results/people/<int:pk>/", staff_views.person_results, name="person_results"),
    path("results/people/<int:pk>/record/", staff_views.result_record, name="person_result_record"),
    path("results/<int:pk>/correct/", staff_views.result_correct, name="result_correct"),
    path("my/results/", views.my_results, name="my_results"),
    path("my/results/<int:pk>/", views.result_slip, name="result_slip"),
]
