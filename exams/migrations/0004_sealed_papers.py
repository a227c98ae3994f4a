"""Items of a draft may be swapped, those of a sealed paper never; papers frozen before count as sealed."""

from django.db import migrations

_FUNCTION = """
CREATE FUNCTION refuse_change_of_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.paper_id = OLD.paper_id AND EXISTS (
    SELECT 1 FROM exams_paper WHERE id = OLD.paper_id AND state = 'draft' AND withdrawn_at IS NULL
  ) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of % are never changed once their paper is sealed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
_APPEND_ONLY = "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
_DROP = "DROP TRIGGER append_only ON {table}"


class Migration(migrations.Migration):
    dependencies = [("exams", "0003_blueprints_runs_and_seals")]

    operations = [
        migrations.RunSQL(
            "UPDATE exams_paper SET state = 'sealed', sealed_at = frozen_at", migrations.RunSQL.noop
        ),
        migrations.RunSQL(_FUNCTION, "DROP FUNCTION refuse_change_of_sealed()"),
        migrations.RunSQL(
            [
                _DROP.format(table="exams_paperitem"),
                _APPEND_ONLY.format(table="exams_paperitem", function="refuse_change_of_sealed"),
            ],
            [
                _DROP.format(table="exams_paperitem"),
                _APPEND_ONLY.format(table="exams_paperitem", function="refuse_change"),
            ],
        ),
        migrations.RunSQL(
            _APPEND_ONLY.format(table="exams_blueprintevent", function="refuse_change"),
            _DROP.format(table="exams_blueprintevent"),
        ),
    ]
