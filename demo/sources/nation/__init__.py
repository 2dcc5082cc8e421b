"""The nation in miniature: places, people, employers, cards, contributions, visits. Knows no source table."""
