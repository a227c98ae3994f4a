"""Addresses of people."""

from django.contrib.auth import views as auth
from django.urls import path, reverse_lazy

from certs.people import staff_views, views
from certs.people.forms import ChangePasswordForm, ResetPasswordForm
from certs.people.password_views import PasswordChange, PasswordResetConfirm

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("sign-up/", views.sign_up, name="sign_up"),
    path("privacy/", views.privacy_notice, name="privacy_notice"),
    path("profile/", views.profile, name="profile"),
    path("profile/photo/", views.photo_set, name="photo_set"),
    path("profile/photo/remove/", views.photo_remove, name="photo_remove"),
    path("password/", PasswordChange.as_view(form_class=ChangePasswordForm), name="password_change"),
    path(
        "password/reset/",
        auth.PasswordResetView.as_view(
            template_name="certs/people/password_reset.html",
            email_template_name="certs/people/password_reset_email.txt",
            subject_template_name="certs/people/password_reset_subject.txt",
            success_url=reverse_lazy("password_reset_done"),
        ),
        name="password_reset",
    ),
    path(
        "password/reset/sent/",
        auth.PasswordResetDoneView.as_view(template_name="certs/people/password_reset_done.html"),
        name="password_reset_done",
    ),
    path(
        "password/reset/<uidb64>/<token>/",
        PasswordResetConfirm.as_view(form_class=ResetPasswordForm),
        name="password_reset_confirm",
    ),
    path("people/", staff_views.people, name="people"),
    path("people/find/", staff_views.people_find, name="people_find"),
    path("people/<int:pk>/", staff_views.person, name="person"),
    path("people/<int:pk>/photo/", views.photo, name="photo"),
    path("people/<int:pk>/document/", staff_views.person_document, name="person_document"),
    path("people/<int:pk>/roles/", staff_views.role_grant, name="role_grant"),
    path("people/<int:pk>/roles/<int:grant_pk>/revoke/", staff_views.role_revoke, name="role_revoke"),
]
