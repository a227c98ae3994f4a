"""The closed vocabularies of people: documents, roles, permissions, consents."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentType(TextChoices):
    """Documents a person may be known by (D14); each has its own check in rules."""

    ID_CARD = "id_card", _("居民身份证")
    PASSPORT = "passport", _("护照")
    HK_MACAO_PERMIT = "hk_macao", _("港澳居民来往内地通行证")
    TAIWAN_PERMIT = "taiwan", _("台湾居民来往大陆通行证")
    OTHER = "other", _("其他证件")


class Sex(TextChoices):
    MALE = "M", _("男")
    FEMALE = "F", _("女")


class Role(TextChoices):
    """Staff roles; a person without one is a candidate."""

    ADMIN = "admin", _("系统管理员")
    ITEM_MANAGER = "item_manager", _("题库管理员")
    ITEM_WRITER = "item_writer", _("题目编写员")
    ITEM_REVIEWER = "item_reviewer", _("审题员")
    EXAM_OFFICER = "exam_officer", _("考务员")
    REGISTRAR = "registrar", _("审核员")


class Permission(TextChoices):
    """What a role may do; the table is certs.people.rules.ROLE_PERMISSIONS."""

    SEE_LIVE_ITEMS = "exams.see_live_items", _("查看正式库题目与试卷")
    WRITE_ITEMS = "exams.write_items", _("编写题目")
    REVIEW_ITEMS = "exams.review_items", _("审题")
    ASSEMBLE_PAPERS = "exams.assemble_papers", _("组卷与定稿")
    ADMIT_CANDIDATES = "exams.admit_candidates", _("准考与监看")
    SEE_PEOPLE = "certs.see_people", _("查找人员")
    SEE_FULL_DOCUMENT = "certs.see_full_document", _("查看完整证件号码")
    GRANT_ROLES = "certs.grant_roles", _("授予角色")
    PUBLISH_RESULTS = "certs.publish_results", _("公布成绩")
    ISSUE_CERTIFICATES = "certs.issue_certificates", _("发放与撤销证书")


class ConsentPurpose(TextChoices):
    """What a person agreed to; sensitive data is asked for separately (domain.md 8)."""

    ACCOUNT = "account", _("注册与考试")
    PHOTO = "photo", _("照片")


class PersonEventKind(TextChoices):
    REGISTERED = "registered", _("注册")
    PROFILE_CHANGED = "profile_changed", _("修改资料")
    PHOTO_CHANGED = "photo_changed", _("更新照片")
    PASSWORD_CHANGED = "password_changed", _("修改密码")
    DOCUMENT_SEEN = "document_seen", _("查看完整证件号码")
    ROLE_GRANTED = "role_granted", _("授予角色")
    ROLE_REVOKED = "role_revoked", _("撤销角色")
