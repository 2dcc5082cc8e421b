"""«Thời hạn lưu giữ»: how long each class of data is kept, and the decisions under which official figures may go.

Source: QĐ-2366 Điều 4.2.3.
"""
