import io

import pytest
from django.core.management import CommandError, call_command

from certs.people.models import Person
from tests.factories.people import PASSWORD, PersonFactory, make_id_number, registrar

pytestmark = pytest.mark.django_db
OPTIONS = {"name": "周敏", "mobile": "13800000001", "accept_notice": True, "no_input": True}


@pytest.fixture
def environment(monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    monkeypatch.setenv("ADMIN_DOCUMENT_NUMBER", make_id_number(1))


def test_create_admin_makes_an_administrator(environment):
    call_command("create_admin", **OPTIONS, stdout=io.StringIO())
    person = Person.objects.get(mobile="13800000001")
    assert person.check_password(PASSWORD)
    assert person.has_perm("certs.grant_roles")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mobile": "12"}, "手机号码"),
        ({"accept_notice": False}, "privacy notice"),
        ({"name": ""}, "ADMIN_NAME"),
        ({"document_type": "passport"}, "护照"),
    ],
)
def test_create_admin_refusal_makes_nobody(environment, changes, words):
    with pytest.raises(CommandError, match=words):
        call_command("create_admin", **(OPTIONS | changes))
    assert not Person.objects.exists()


def test_create_admin_refuses_a_weak_password_and_a_double(environment, monkeypatch):
    PersonFactory(number=make_id_number(1))
    with pytest.raises(CommandError, match="已经注册"):
        call_command("create_admin", **OPTIONS)
    monkeypatch.setenv("ADMIN_PASSWORD", "1234")
    with pytest.raises(CommandError, match="密码"):
        call_command("create_admin", **OPTIONS)


def test_demo_logins_are_an_aligned_table(settings, tmp_path):
    settings.DEMO = True
    settings.FIXTURES_ROOT = tmp_path
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "world.yaml").write_text(
        'people:\n  - {name: 林晓, mobile: "13800000011", note: 刚注册的考生}\n', encoding="utf-8"
    )
    PersonFactory(is_demo=True, name="林晓", mobile="13800000011")
    registrar(is_demo=True, name="欧阳小明", mobile="13800000012")
    PersonFactory(name="不是演示人物")
    out = io.StringIO()
    call_command("demo_logins", stdout=out)
    assert out.getvalue().splitlines() == [
        "姓名      账号         密码           用途",
        "林晓      13800000011  chizheng-demo  刚注册的考生",
        "欧阳小明  13800000012  chizheng-demo  审核员",
    ]


def test_demo_logins_refuse_outside_demo_mode(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_logins")
