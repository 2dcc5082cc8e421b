"""The check of the whole store: every byte against its digest, rows counted, pointers followed, space measured."""
