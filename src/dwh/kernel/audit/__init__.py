"""The automatic log: evidence of everything done and asked (QĐ-2366 Điều 4.2.4). Kept for ever, changed never."""
