"""«Bảng của tôi»: boards people build on a grid from saved questions, and share.

Whose duty: QC-DWH Điều 3.2c. Sharing outside the unit follows the head's approval (QĐ-3582 II.4.4).
"""
