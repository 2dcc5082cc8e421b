"""Personal data: which fields are of which class, who is cleared for a class, what the others see instead.

Duty of the IT Centre (CV-BVDLCN III.1); assignments in writing are the unit heads' (I.3).
"""
