"""The shell around every page: layout, language, words, static files."""
