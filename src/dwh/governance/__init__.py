"""Who may, who decided, under which article. The gate is the one door to rows."""
