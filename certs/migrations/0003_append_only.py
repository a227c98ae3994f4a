"""Append-only tables: the database itself refuses to alter or delete their rows."""

from django.db import migrations

TABLES = ["certs_partresult", "certs_personevent", "certs_certificateevent"]


class Migration(migrations.Migration):
    dependencies = [("certs", "0002_initial"), ("exams", "0002_append_only")]

    operations = [
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                f"DROP TRIGGER append_only ON {table}",
            )
            for table in TABLES
        ),
    ]
