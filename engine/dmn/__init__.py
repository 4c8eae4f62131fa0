"""Decision tables are read, checked and evaluated here."""
