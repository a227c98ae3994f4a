import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from exams.sittings.actions import create_centre
from exams.sittings.errors import CentreCodeTaken
from exams.sittings.models import Centre
from exams.sittings.queries import centres

pytestmark = pytest.mark.django_db


def test_create_centre_is_idempotent():
    first = create_centre(code="0101", name="东城考点")
    assert create_centre(code="0101", name=" 东城考点 ") == first
    assert centres() == [first]


@pytest.mark.parametrize("code", ["101", "01011", "01a1", ""])
def test_create_centre_refuses_a_code_that_is_not_four_digits(code):
    with pytest.raises(CentreCodeTaken):
        create_centre(code=code, name="东城考点")


def test_create_centre_refuses_a_code_of_another_centre():
    create_centre(code="0101", name="东城考点")
    with pytest.raises(CentreCodeTaken, match="东城考点"):
        create_centre(code="0101", name="西城考点")


def test_centre_code_is_checked_by_the_database():
    with pytest.raises(IntegrityError):
        Centre.objects.create(code="1a", name="x")


def test_create_centre_command_says_what_is_wrong():
    call_command("create_centre", "--code", "0102", "--name", "西城考点")
    with pytest.raises(CommandError, match="四位数字"):
        call_command("create_centre", "--code", "2", "--name", "西城考点")
