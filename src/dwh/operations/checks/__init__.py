"""The monthly check of the database by the IT Centre: carried out by the program, read and signed by a person.

Source: QĐ-2366 Điều 10.1.6.
"""
