"""How it is said: sentences, tables and pages, in the language of whoever reads them."""
