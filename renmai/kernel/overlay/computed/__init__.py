"""Own fields whose value follows from others: formulas and roll-ups, kept right by triggers whoever writes.

Each such field becomes a function of the database that works it out for some records. A trigger before a row is written works out the
formulas of that row; triggers after a statement find, from the rows that it changed, the records whose fields depend on them. Python
only writes these functions anew when a field is made, changed or removed.
"""
