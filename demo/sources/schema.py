"""The columns of every demonstration table, once; both writers (SQLite, PostgreSQL) read them here.

Types: v20 varchar(20) · c10 char(10) · t text · n18 numeric(18,0) · n15.2 numeric(15,2) · i integer · d date ·
ts timestamptz · b boolean. Layouts follow the project's reconstruction of the source systems; the claim columns are
the 66 fields of XML1 and the money fields of XML2 and XML3 (QĐ 130/QĐ-BYT, corrected by QĐ 4750/QĐ-BYT).
"""

from __future__ import annotations

from dataclasses import dataclass

COMMON_TAIL = "ma_cq_bhxh:v5 created_at:ts updated_at:ts updated_by:v50 is_deleted:b"

XML1 = """ma_lk:v100 stt:i ma_bn:v100 ho_ten:v255 so_cccd:v15 ngay_sinh:v12 gioi_tinh:i nhom_mau:v5 ma_quoctich:v3
ma_dantoc:v2 ma_nghe_nghiep:v5 dia_chi:v1024 matinh_cu_tru:v3 mahuyen_cu_tru:v3 maxa_cu_tru:v5 dien_thoai:v15
ma_the_bhyt:t ma_dkbd:t gt_the_tu:t gt_the_den:t ngay_mien_cct:v12 ly_do_vv:t ly_do_vnt:t ma_ly_do_vnt:v5
chan_doan_vao:t chan_doan_rv:t ma_benh_chinh:v7 ma_benh_kt:v100 ma_benh_yhct:v255 ma_pttt_qt:v125 ma_doituong_kcb:v5
ma_noi_di:v5 ma_noi_den:v5 ma_tai_nan:v2 ngay_vao:v12 ngay_vao_noi_tru:v12 ngay_ra:v12 giay_chuyen_tuyen:v50
so_ngay_dtri:i pp_dieu_tri:t ket_qua_dtri:i ma_loai_rv:i ghi_chu:t ngay_ttoan:v12 t_thuoc:n15.2 t_vtyt:n15.2
t_tongchi_bv:n15.2 t_tongchi_bh:n15.2 t_bntt:n15.2 t_bncct:n15.2 t_bhtt:n15.2 t_nguonkhac:n15.2 t_bhtt_gdv:n15.2
nam_qt:i thang_qt:i ma_loai_kcb:v2 ma_khoa:v50 ma_cskcb:v5 ma_khuvuc:v2 can_nang:v6 can_nang_con:v100
nam_nam_lien_tuc:v8 ngay_tai_kham:v50 ma_hsba:v100 ma_ttdv:v10 du_phong:t"""

LAYOUTS: dict[str, dict[str, str]] = {
    "TST": {
        "tst_don_vi": "ma_don_vi:v20 ma_don_vi_cu:v20 ten_don_vi:t ma_so_thue:v14 khoi:v3 ma_vsic:v5 dia_chi:t "
        "ma_tinh:c2 ma_huyen:c3 ma_xa:c5 dien_thoai:t nguoi_dai_dien:t email:t so_tk:v30 ngay_tham_gia:d "
        "ngay_ngung:d trang_thai:v30 phuong_thuc_dong:v30",
        "tst_nguoi_tham_gia": "ma_so_bhxh:v10 so_ddcn:v12 so_cmnd:v12 ho_ten:t ngay_sinh:v10 gioi_tinh:i dan_toc:c2 "
        "quoc_tich:c3 ma_tinh_ks:c2 ma_huyen_ks:c3 ma_xa_ks:c5 dia_chi_lh:t dien_thoai:t email:t ma_ho_gd:v10 "
        "trang_thai_ma:v30 ma_chinh:v30",
        "tst_dong_ca_nhan": "ky:c6 ma_so_bhxh:v30 ma_don_vi:v30 quy:v30 can_cu_dong:n18 so_tien_ld:n18 so_tien_sd:n18 "
        "so_tien_nsnn:n18 so_tien_da_dong:n18",
        "tst_the_bhyt": "ma_the:v15 ma_so_bhxh:v30 ma_doi_tuong:c2 muc_huong:i ma_tinh_the:c2 ma_khu_vuc:c2 "
        "ma_dkbd:c5 tu_ngay:d den_ngay:d ngay_5nam:d ma_don_vi:v30 ma_ho:v30 ly_do_cap:t ngay_in:d so_seri:v30 "
        "trang_thai:v30",
        "tst_so_bhxh": "ma_so_bhxh:v30 so_seri:v30 lan_cap:i loai_cap:v30 ngay_cap:d trang_thai:v30",
    },
    "GIAMDINH": {
        "gd_cskcb": "ma_cskcb:v30 ten:t hang:v30 tuyen:v30 loai_hinh:v30 ma_tinh:v30 hop_dong_tu:d hop_dong_den:d pttt:t",
        "gd_ho_so": f"{XML1} ma_giao_dich:v30 thoi_gian_tiep_nhan:ts loai_ho_so:v30 lan_gui:i trang_thai:v30 "
        "ky_qt:c6 ma_tinh_kcb:v30 noi_ngoai_tinh:b hash:t",
        "gd_thuoc": "ma_cskcb:v5 ma_lk:v100 lan_gui:i stt:i ma_thuoc:v255 ma_nhom:i ten_thuoc:t don_vi_tinh:v50 "
        "pham_vi:i tyle_tt_bh:i so_luong:n10.3 don_gia:n15.3 thanh_tien_bv:n15.2 thanh_tien_bh:n15.2 "
        "t_nguonkhac:n15.2 muc_huong:i t_bntt:n15.2 t_bncct:n15.2 t_bhtt:n15.2 ngay_yl:v12 ma_pttt:i",
        "gd_dvkt": "ma_cskcb:v5 ma_lk:v100 lan_gui:i stt:i ma_dich_vu:v50 ma_vat_tu:v255 ma_nhom:i ten_dich_vu:t "
        "ten_vat_tu:t don_vi_tinh:v50 pham_vi:i so_luong:n10.3 don_gia_bv:n15.3 don_gia_bh:n15.3 tyle_tt_dv:i "
        "tyle_tt_bh:i thanh_tien_bv:n15.2 thanh_tien_bh:n15.2 t_nguonkhac:n15.2 muc_huong:i t_bntt:n15.2 "
        "t_bncct:n15.2 t_bhtt:n15.2 ngay_yl:v12 ma_pttt:i",
    },
    "QLNS": {
        "ns_don_vi": "ma_dv:v30 ten:t cap:i ma_cha:v30 loai:v30 ma_tinh:v30 hieu_luc_tu:d hieu_luc_den:d "
        "qd_thanh_lap:t tien_than:t",
        "ns_nhan_vien": "ma_nv:v10 ho_ten:t ngay_sinh:d gioi_tinh:i dan_toc:t cccd:t ma_so_bhxh:v30 email_nganh:t "
        "dien_thoai:t loai:v30 ngay_vao:d ngay_nghi:d trinh_do:t trang_thai:v30",
        "ns_quyet_dinh": "so_qd:v30 loai:v30 ma_nv:v30 don_vi_cu:t don_vi_moi:t chuc_vu_cu:t chuc_vu_moi:t "
        "ngay_ky:d ngay_hieu_luc:d ngay_nhap:d",
        "ns_vi_tri": "ma_nv:v30 don_vi:t phong:t chuc_vu:t vi_tri_viec_lam:t la_lanh_dao:b tu_ngay:d den_ngay:d",
    },
    "IAM": {
        "iam_dinh_danh": "loai:v30 ma_nv:v30 email_nganh:t ho_ten:t ma_dv:v30 trang_thai:v30 ngay_tao:d ngay_khoa:d",
        "iam_tai_khoan": "ten_dang_nhap:t dinh_danh_id:t doi_mk_lan_cuoi:ts mfa:b khoa:b lan_sai:i het_han:d",
        "iam_ung_dung": "ma_ung_dung:v30 ten:t chu_quan:t trang_thai:v30",
        "iam_vai_tro": "ma_vai_tro:v50 ma_ung_dung:v30 ten:t mo_ta:t",
        "iam_gan_vai_tro": "ten_dang_nhap:t ma_vai_tro:v50 tu:d den:d nguoi_cap:t so_de_nghi:v50 ly_do:t",
        "iam_su_kien": "thoi_gian:ts tai_khoan:t su_kien:t ip:t thiet_bi:t ung_dung:t",
    },
}  # fmt: skip

FILES = {"TST": "tst.sqlite", "GIAMDINH": "giamdinh.sqlite", "QLNS": "qlns.sqlite", "IAM": "iam.sqlite"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name and its type in the short notation of this module."""

    name: str
    kind: str

    @property
    def sqlite(self) -> str:
        """Return the SQLite type: whole numbers INTEGER, decimals NUMERIC, dates and codes TEXT."""
        if self.kind in ("i", "b", "i8"):
            return "INTEGER"
        if self.kind.startswith("n"):
            return "INTEGER" if self.kind == "n18" else "NUMERIC"
        return "TEXT"

    @property
    def postgres(self) -> str:
        """Return the PostgreSQL type."""
        if self.kind.startswith("n"):
            precision, _, decimals = self.kind[1:].partition(".")
            return f"numeric({precision},{decimals or 0})"
        if self.kind[0] in "vc" and self.kind[1:].isdigit():
            return f"{'varchar' if self.kind[0] == 'v' else 'char'}({self.kind[1:]})"
        return {"i8": "bigint", "i": "integer", "d": "date", "ts": "timestamptz", "b": "boolean", "t": "text"}[self.kind]


def columns_of(system: str, table: str) -> tuple[Column, ...]:
    """Return the columns of a table in order: id, its own, then the five every table carries."""
    text = f"id:i8 {LAYOUTS[system][table]} {COMMON_TAIL}"
    return tuple(Column(*part.split(":")) for part in text.split())


def tables_of(system: str) -> tuple[str, ...]:
    """Return the tables of a system, in the order they are made."""
    return tuple(LAYOUTS[system])
