"""Vietnamese names: family, middle and given names with frequencies close to life. Nobody real is meant."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any

FAMILY = (
    "Nguyễn 315 Trần 109 Lê 89 Phạm 59 Hoàng 37 Huỳnh 24 Phan 28 Vũ 26 Võ 23 Đặng 21 Bùi 20 Đỗ 19 Hồ 15 Ngô 17 "
    "Dương 14 Lý 7 Đinh 10 Trương 13 Mai 8 Lương 7 Đoàn 8 Trịnh 8 Cao 6 Đào 7 Tạ 4 Lâm 6 Châu 3 Tô 4 Hà 6 Chu 3 "
    "Thái 3 Phùng 4 Quách 2 Kiều 2 Nghiêm 2 Văn 2 Tống 2 Bạch 1 Doãn 1 Khổng 1"
)
HIGHLAND = {
    "V01": "Hoàng 18 Nông 14 Lò 14 Vàng 12 Giàng 10 Ma 9 Triệu 9 Lù 6 Sùng 8 Quàng 8 Cà 6 Hà 9 Đinh 6 Lường 7 Mùa 4",
    "V04": "Y 9 H' 9 Rơ 6 Ksor 9 Siu 8 Đinh 9 K' 7 A 8 Rah 5 Kpă 5 Nay 5 Rmah 6",
    "V06": "Thạch 22 Kim 16 Sơn 15 Danh 14 Châu 9 Lâm 10 Lý 9 Trà 3 Tăng 6",
}
MEN_MIDDLE = (
    "Văn 38 Đức 10 Hữu 8 Minh 8 Quang 7 Xuân 6 Thanh 6 Ngọc 6 Đình 6 Công 5 Quốc 6 Anh 4 Trung 3 Bá 3 Gia 5"
)
MEN_GIVEN = (
    "Hùng 8 Dũng 7 Tuấn 9 Minh 8 Hải 6 Nam 6 Sơn 6 Long 5 Thắng 6 Cường 6 Hoàng 5 Phong 4 Quân 4 Đạt 5 Huy 6 Khoa 3 "
    "Khánh 3 Bình 4 Tú 3 Trung 4 Kiên 3 Việt 3 Thành 6 Toàn 3 Vinh 3 Lâm 3 Tiến 4 Hiếu 5 Tâm 3 An 3 Bảo 3 Phúc 4 "
    "Đông 2 Hòa 3 Lợi 2 Mạnh 4 Nghĩa 3 Quý 3 Tài 3 Thịnh 3 Trường 3 Tùng 4 Vũ 3 Đăng 2 Hưng 4"
)
WOMEN_MIDDLE = (
    "Thị 48 Thu 8 Ngọc 8 Thanh 7 Minh 4 Hồng 5 Phương 5 Mỹ 4 Kim 4 Thùy 4 Bích 3 Như 3 "
    "Khánh 3 Bảo 3 Diễm 2 Quỳnh 3"
)
WOMEN_GIVEN = (
    "Lan 6 Hương 7 Hoa 5 Mai 5 Linh 8 Trang 7 Hà 6 Thảo 7 Nga 4 Hằng 5 Hạnh 5 Nhung 4 Ngọc 5 Thủy 5 Anh 8 Dung 4 "
    "Yến 4 Vân 5 Oanh 3 Tuyết 3 Loan 3 Phượng 4 Liên 4 Huệ 3 Hiền 5 Xuân 3 Nhi 4 My 3 Vy 4 Trâm 3 Châu 3 Chi 3 Giang 3 "
    "Quyên 3 Thương 3 Thúy 3 Tâm 3 Bình 2 Lệ 2 Cúc 2 Đào 2 Sen 1 Nguyệt 2 Thơ 2"
)


def full_names(women: Array, regions: Array, highland: Array, rng: Any) -> Array:
    """Return a full name for every person; `highland` marks people of the peoples of the mountains and the delta."""
    n = len(women)
    family = _draw(FAMILY, n, rng)
    for region, pool in HIGHLAND.items():
        at = np.flatnonzero(highland & (regions == region))
        family[at] = _draw(pool, len(at), rng)
    middle = np.where(women, _draw(WOMEN_MIDDLE, n, rng), _draw(MEN_MIDDLE, n, rng))
    given = np.where(women, _draw(WOMEN_GIVEN, n, rng), _draw(MEN_GIVEN, n, rng))
    return family + " " + middle + " " + given


def _draw(pool: str, n: int, rng: Any) -> Array:
    words = pool.split()
    names = np.array(words[::2], dtype=object)
    weight = np.array(words[1::2], dtype=float)
    return names[rng.choice(len(names), size=n, p=weight / weight.sum())]
