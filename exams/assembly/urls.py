"""Addresses of papers."""

from django.urls import path

from exams.assembly.views import papers

urlpatterns = [
    path("papers/", papers.papers, name="papers"),
    path("papers/assemble/", papers.assemble, name="assemble"),
    path("papers/freeze/", papers.freeze, name="freeze"),
    path("papers/<str:code>/", papers.paper, name="paper"),
    path("papers/<str:code>/items/", papers.paper_items, name="paper_items"),
    path("papers/<str:code>/withdraw/", papers.withdraw, name="withdraw_paper"),
]
