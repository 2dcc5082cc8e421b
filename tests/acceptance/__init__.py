"""The issue's acceptance, tried from outside: processes, files, a browser."""
