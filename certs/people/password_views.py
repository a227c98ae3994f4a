"""Django's password views, with a sentence at the end instead of a page."""

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from certs.people.models import Person


class PasswordChange(auth.PasswordChangeView):
    template_name = "certs/people/password_change.html"
    success_url = reverse_lazy("profile")

    def form_valid(self, form: "SetPasswordForm[Person]") -> HttpResponse:
        messages.success(self.request, _("密码已修改。其他设备上的登录已失效。"))
        return super().form_valid(form)


class PasswordResetConfirm(auth.PasswordResetConfirmView):
    template_name = "certs/people/password_reset_confirm.html"
    success_url = reverse_lazy("login")

    def form_valid(self, form: "SetPasswordForm[Person]") -> HttpResponse:
        messages.success(self.request, _("密码已重设，请用新密码登录。"))
        return super().form_valid(form)
