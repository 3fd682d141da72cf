"""Each process knows the colours of tags, and asks again when one has changed."""

from django.db import migrations

MOVED = """
CREATE TRIGGER renmai_overlay AFTER INSERT OR UPDATE OR DELETE ON kernel_tag
FOR EACH STATEMENT EXECUTE FUNCTION renmai_overlay_moved();
INSERT INTO kernel_overlayversion (id, version) SELECT 1, nextval('renmai_overlay') WHERE EXISTS (SELECT FROM kernel_tag)
ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0030_files_brought_with_a_key")]
    operations = [migrations.RunSQL(MOVED, "DROP TRIGGER renmai_overlay ON kernel_tag")]
