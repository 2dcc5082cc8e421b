"""The pieces of one SELECT: names, joins, conditions and the blocks of each fact, as SQLGlot trees."""
