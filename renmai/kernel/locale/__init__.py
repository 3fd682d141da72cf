"""How names, dates, numbers, phones and countries are read and shown to a person; what is stored does not depend on it."""
