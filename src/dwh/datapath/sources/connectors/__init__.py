"""Reading a source without changing it: one interface, one module per database product."""
