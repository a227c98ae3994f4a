from django.contrib.auth.backends import BaseBackend


class IdentifierBackend(BaseBackend):
    pass


class RoleBackend(BaseBackend):
    pass
