"""Append-only tables: the database itself refuses to alter or delete their rows."""

from django.db import migrations

TABLES = ["exams_itemversion", "exams_itemcriterion", "exams_itemcomment", "exams_itemevent", "exams_paperitem", "exams_paperevent", "exams_responserevision", "exams_attemptevent", "exams_score"]


class Migration(migrations.Migration):
    dependencies = [("exams", "0001_initial"), ("syllabus", "0002_append_only")]

    operations = [
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                f"DROP TRIGGER append_only ON {table}",
            )
            for table in TABLES
        ),
    ]
