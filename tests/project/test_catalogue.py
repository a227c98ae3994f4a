"""The English catalogue is complete, and the check that says so can be believed."""

from pathlib import Path

from django.core.management import call_command

from certs.management.commands.check_catalogue import message_ids, untranslated

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "已译"
msgstr "translated"

msgid "未译"
msgstr ""

#, fuzzy
msgid "存疑"
msgstr "doubtful"

#, fuzzy
#~ msgid "旧的"
#~ msgstr "old"
"""


def test_untranslated_names_missing_and_fuzzy_only(tmp_path: Path) -> None:
    catalogue = tmp_path / "django.po"
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    assert untranslated(catalogue) == ["未译", "存疑"]


def test_message_ids_joins_lines_and_leaves_header_out() -> None:
    assert message_ids('msgid ""\nmsgstr "x"\n\nmsgid ""\n"一"\n"二"\nmsgstr ""\n') == ["一二"]


def test_english_catalogue_is_complete() -> None:
    call_command("check_catalogue")
