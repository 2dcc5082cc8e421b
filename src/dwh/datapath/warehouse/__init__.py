"""The engine, the stored parts and the published releases. The only place that opens DuckDB (ADR 0001)."""
