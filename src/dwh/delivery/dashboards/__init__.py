"""Dashboards: tiles, charts and the map of the provinces, from the nation down to an employer or a facility.

Whose duty: QC-DWH Điều 3.2c. A board is data (boards/*.yaml); every figure is asked through the gate.
"""
