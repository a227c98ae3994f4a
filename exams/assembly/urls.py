"""Addresses of papers."""

from django.urls import path

from exams.assembly import views

urlpatterns = [
    path("papers/", views.papers, name="papers"),
    path("papers/assemble/", views.assemble, name="assemble"),
    path("papers/freeze/", views.freeze, name="freeze"),
    path("papers/<str:code>/", views.paper, name="paper"),
    path("papers/<str:code>/items/", views.paper_items, name="paper_items"),
    path("papers/<str:code>/withdraw/", views.withdraw, name="withdraw_paper"),
]
