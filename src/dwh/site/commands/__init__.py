"""The commands of `dwh`, by what they are for; `site/cli.py` joins them."""
