"""The page «Bảng tổng hợp sẵn»: what a release adds up beforehand, which questions it answers, which it should."""
