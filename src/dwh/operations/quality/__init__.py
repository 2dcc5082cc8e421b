"""The page «Chất lượng»: how right, whole and in time the data of each unit are (QĐ-2366 Điều 10.2.2, 10.4.2)."""
