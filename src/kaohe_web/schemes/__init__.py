"""Pages of schemes: the library, versions as regulations, what is odd in them, what tells two apart."""
