"""The quality scorecard: of the rows a source sent, how many no check objects to, by unit (QĐ-2366 Điều 10.2.2)."""
