"""«Lịch gửi báo cáo CSDL»: what each software asks of offices and provinces, when, and what was sent and received.

Source: QĐ-3582 III.2a.
"""
