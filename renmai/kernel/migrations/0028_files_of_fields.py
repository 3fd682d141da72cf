"""How the database reads what the files of a field are called."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION renmai_names(files jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(files) = 'array' THEN
    RETURN (SELECT nullif(string_agg(file ->> 'name', E'\\n' ORDER BY place), '') FROM jsonb_array_elements(files) WITH ORDINALITY f(file, place));
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION renmai_files(own jsonb, key text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN renmai_names(own -> key);
"""
DROPPED = "DROP FUNCTION renmai_files(jsonb, text); DROP FUNCTION renmai_names(jsonb);"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0027_notifications")]

    operations = [migrations.RunSQL(FUNCTIONS, DROPPED)]
