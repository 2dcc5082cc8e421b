"""From a plan to rows: which table answers, how heads are counted, what is kept."""
