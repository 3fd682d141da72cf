"""How the database reads a time of day and an address among the values of own fields."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION renmai_%(name)s(own jsonb, key text) RETURNS %(type)s LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE v text := own ->> key;
BEGIN
  %(body)s
  RETURN NULL;
END $$;
"""
PLACE = """IF jsonb_typeof(own -> key) = 'object' THEN
    RETURN nullif(concat_ws(', ', nullif(own -> key ->> 'lines', ''), nullif(own -> key ->> 'district', ''), nullif(own -> key ->> 'city', ''),
      nullif(own -> key ->> 'region', ''), nullif(own -> key ->> 'postcode', ''), nullif(own -> key ->> 'country', '')), '');
  END IF;"""
BODIES = [
    ("clock", "time", r"IF v ~ '^([01]\d|2[0-3]):[0-5]\d$' THEN RETURN v::time; END IF;"),
    ("place", "text", PLACE),
]
FUNCTIONS = "".join(FUNCTION % {"name": name, "type": kind, "body": body} for name, kind, body in BODIES)
DROPPED = "".join(f"DROP FUNCTION renmai_{name}(jsonb, text);" for name, _kind, _body in BODIES)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0018_files_on_records")]

    operations = [migrations.RunSQL(FUNCTIONS, DROPPED)]
