"""Addresses of certificates. Printed QR codes point at verify_number: it never moves."""

from django.urls import path

from certs.certificates import public_views, views

urlpatterns = [
    path("certificates/", views.my_certificates, name="my_certificates"),
    path("certificates/<str:number>/pdf/", views.certificate_pdf, name="certificate_pdf"),
    path("registry/certificates/", views.certificates, name="certificates"),
    path("registry/certificates/<int:pk>/", views.certificate, name="certificate"),
    path("registry/certificates/<int:pk>/revoke/", views.certificate_revoke, name="certificate_revoke"),
    path("verify/", public_views.verify, name="verify"),
    path("verify/<str:number>/", public_views.verify_number, name="verify_number"),
]
