"""Addresses of the bank. Words of ours come before codes of items, so no item is called `new`."""

from django.urls import path, re_path

from exams.bank.views import editor, exchange, listing, single

urlpatterns = [
    path("items/", listing.items, name="items"),
    path("items/bulk/", listing.bulk, name="items_bulk"),
    path("items/coverage/", listing.coverage, name="item_coverage"),
    path("items/new/", editor.new_item, name="item_new"),
    path("items/check/", editor.check_item, name="item_check"),
    path("items/review/", single.reviews, name="item_reviews"),
    path("items/pictures/", editor.pictures, name="item_pictures"),
    re_path(r"^items/pictures/(?P<sha256>[0-9a-f]{64})/$", editor.picture, name="item_picture"),
    path("items/import/", exchange.imports, name="item_imports"),
    path("items/import/template/<str:code>/", exchange.template, name="item_template"),
    path("items/import/<uuid:pk>/", exchange.item_import, name="item_import"),
    path("items/import/<uuid:pk>/confirm/", exchange.confirm, name="item_import_confirm"),
    path("items/import/<uuid:pk>/drop/", exchange.drop, name="item_import_drop"),
    path("items/export/", exchange.export, name="item_export"),
    path("items/<str:code>/", single.item, name="item"),
    path("items/<str:code>/edit/", editor.edit_item, name="item_edit"),
    path("items/<str:code>/do/", single.act, name="item_act"),
]
