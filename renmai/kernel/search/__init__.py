"""Search text: what is stored for a record, how a typed query is asked, and how hits are ranked and shown."""
