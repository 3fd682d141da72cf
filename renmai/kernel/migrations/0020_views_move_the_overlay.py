"""Each process knows of which types there are views, and asks for no others."""

from django.db import migrations

MOVED = """
CREATE TRIGGER renmai_overlay AFTER INSERT OR UPDATE OR DELETE ON kernel_view
FOR EACH STATEMENT EXECUTE FUNCTION renmai_overlay_moved();
INSERT INTO kernel_overlayversion (id, version) SELECT 1, nextval('renmai_overlay') WHERE EXISTS (SELECT FROM kernel_view)
ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0019_times_and_addresses")]
    operations = [migrations.RunSQL(MOVED, "DROP TRIGGER renmai_overlay ON kernel_view")]
