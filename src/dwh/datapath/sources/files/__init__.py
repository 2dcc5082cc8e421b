"""Files as a source: claim XML as facilities send it, and planned loads of exported tables. Hostile input is usual."""
