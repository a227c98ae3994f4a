"""Addresses of papers and blueprints."""

from django.urls import path

from exams.assembly.views import blueprints, drafts, papers, printing, runs

urlpatterns = [
    path("blueprints/", blueprints.blueprints, name="blueprints"),
    path("blueprints/new/", blueprints.new_blueprint, name="blueprint_new"),
    path("blueprints/<slug:code>/", blueprints.blueprint, name="blueprint"),
    path("blueprints/<slug:code>/retire/", blueprints.retire, name="blueprint_retire"),
    path("blueprints/<slug:code>/blueprint.yaml", blueprints.blueprint_file, name="blueprint_file"),
    path("papers/", papers.papers, name="papers"),
    path("papers/assemble/", runs.assemble, name="assemble"),
    path("papers/runs/<uuid:pk>/", runs.run, name="run"),
    path("papers/runs/<uuid:pk>/cancel/", runs.cancel_run, name="cancel_run"),
    path("papers/runs/<uuid:pk>/keep/", runs.keep_run, name="keep_run"),
    path("papers/<str:code>/", papers.paper, name="paper"),
    path("papers/<str:code>/items/", papers.paper_items, name="paper_items"),
    path("papers/<str:code>/items/<int:position>/swap/", drafts.swap, name="swap_item"),
    path("papers/<str:code>/print/<slug:piece>.pdf", printing.print_paper, name="print_paper"),
    path("papers/<str:code>/readers/", drafts.name_reader, name="name_reader"),
    path("papers/<str:code>/seal/", drafts.seal, name="seal_paper"),
    path("papers/<str:code>/withdraw/", papers.withdraw, name="withdraw_paper"),
]
