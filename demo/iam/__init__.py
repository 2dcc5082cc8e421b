"""The demonstration's IAM: an OpenID Connect provider of its own, in its own process with its own database.

It stands for the sector's identity system, so that the demonstration signs in by the path production takes.
"""
