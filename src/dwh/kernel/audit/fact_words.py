"""What people read for the facts of a record: their names, the codes they hold, the object they are about.

One table each; a test finds every fact the code records in the first, and compares the second with the enumerations.
"""

from __future__ import annotations

from typing import Final

# in the order they are read
FACT_WORDS: Final[dict[str, str]] = {
    "message": "Trả lời của chương trình",
    # who, where, by which paper
    "account": "Tài khoản",
    "answer": "Trả lời",
    "basis": "Văn bản",
    "cause": "Nguyên nhân",
    "decided_by": "Người quyết định",
    "document_no": "Số văn bản",
    "email": "Thư điện tử",
    "ended": "Quyền kết thúc theo",
    "entered_by": "Người nhập",
    "full_name": "Họ và tên",
    "group": "Nhóm quyền",
    "guide": "Văn bản hướng dẫn",
    "letter": "Văn bản",
    "org": "Đơn vị",
    "permission": "Quyền còn thiếu",
    "person_code": "Mã nhân viên",
    "plan": "Kế hoạch",
    "prepared_by": "Người chuẩn bị",
    "scope": "Phạm vi",
    "subjects": "Chủ đề",
    "to": "Người thực hiện",
    "unit": "Đơn vị",
    "unit_code": "Đơn vị",
    "unit_name": "Tên đơn vị",
    # when
    "again_from": "Đọc lại từ",
    "again_until": "Đọc lại đến",
    "decided_on": "Ngày văn bản",
    "due_day": "Hạn: ngày của tháng sau kỳ",
    "due_on": "Hạn",
    "effective_on": "Hiệu lực từ",
    "month": "Tháng",
    "period": "Kỳ",
    "takes_effect_at": "Hiệu lực từ",
    "valid_from": "Hiệu lực từ",
    "valid_until": "Hiệu lực đến",
    "wanted_by": "Cần trước ngày",
    "from": "Nhận từ",
    "until": "Nhận đến",
    "since": "Từ tháng",
    "tu": "Từ ngày",
    "den": "Đến ngày",
    # what
    "agrees": "Khớp với nguồn",
    "asked": "Cách chọn dòng",
    "change": "Thay đổi số",
    "changed": "Đơn vị thay đổi",
    "check": "Kiểm tra",
    "chosen": "Dòng chọn tay",
    "column": "Cột",
    "completeness": "Quy tắc đầy đủ",
    "corrects": "Đính chính biên bản số",
    "criterion": "Tiêu chí",
    "decision": "Quyết định số",
    "decisions": "Các quyết định",
    "definition": "Định nghĩa",
    "deleted": "Dòng xóa",
    "direct": "Chỉ đơn vị trực tiếp",
    "entered": "Tham số đã nhập",
    "every_minutes": "Chu kỳ (phút)",
    "opens_at": "Đọc nguồn từ",
    "closes_at": "Đọc nguồn đến",
    "is_paused": "Tạm dừng",
    "last_day": "Tạm dừng đến hết ngày",
    "paused_at": "Tạm dừng từ",
    "owner": "Đơn vị quản lý",
    "expected": "Đang có",
    "field": "Trường",
    "file": "Tệp",
    "filters": "Bộ lọc",
    "form": "Dạng",
    "format": "Dạng tệp",
    "found": "Đã thấy",
    "frequency": "Kỳ báo cáo",
    "gone": "Đơn vị không còn",
    "grave": "Lỗi",
    "held": "Dòng giữ lại",
    "id": "Dòng",
    "is_repeat": "Tệp đã nạp trước đây",
    "kind": "Loại",
    "landed": "Dòng đã nhận",
    "late": "Gửi trễ",
    "limit": "Giới hạn",
    "lines": "Các dòng thay đổi",
    "loai": "Loại việc",
    "nguoi": "Người",
    "note": "Ý kiến",
    "packages": "Gói hồ sơ",
    "page": "Trang",
    "parts": "Phần đã xóa",
    "reason": "Lý do",
    "reconciliation": "Đối soát số",
    "refused_members": "Gói bị từ chối",
    "release": "Bản công bố",
    "report": "Biểu",
    "revision": "Lần sửa",
    "rows": "Số dòng",
    "run": "Lượt chạy",
    "search": "Tìm",
    "source": "Nguồn",
    "state": "Tình trạng",
    "states": "Tình trạng",
    "table": "Bảng",
    "tables": "Các bảng",
    "tier": "Cấp gửi",
    "title": "Tiêu đề",
    "undated": "Cả dòng không có kỳ",
    "unexplained_cells": "Ô chưa rõ nguyên nhân",
    "value": "Giá trị",
    "vnd": "Số tiền",
    "verdict": "Quyết định",
    "warnings": "Cảnh báo",
    "what": "Cần thay đổi gì",
    "why": "Lý do, căn cứ",
    "bytes": "Dung lượng",
    # the parameters of B02
    "ma_tinh": "Đơn vị",
    "nam": "Năm",
    "tu_thang": "Từ tháng",
    "den_thang": "Đến tháng",
    "ma_loai_kcb": "Loại hình KCB",
    "hang_bv": "Hạng bệnh viện",
    "tuyen": "Tuyến",
    "kieubv": "Kiểu bệnh viện",
    "loai_bv": "Loại bệnh viện",
    "loaick": "Loại chuyên khoa",
    # proofs: what they are the fingerprint of
    "catalog": "Dấu của danh mục chỉ tiêu",
    "digest": "Dấu của nội dung",
    "manifest_sha256": "Dấu của biên bản công bố",
    "rows_sha256": "Dấu của các dòng",
    "sha256": "Dấu của tệp, biên bản",
}

# not for reading: how the frame passed the record on, the code behind the sentence, the request's technical side
UNTOLD: Final = frozenset({"code", "method", "on_record", "path", "subject", "query", "members"})

# by the first word of the action (empty: of any), then the fact: what a code of it is called
CODE_WORDS: Final[dict[tuple[str, str], dict[str, str]]] = {
    ("access", "group"): {
        "central_admin": "Quản trị ứng dụng Trung ương",
        "province_admin": "Quản trị ứng dụng Tỉnh",
        "analyst": "Nhóm khai thác các chỉ tiêu, báo cáo",
        "leadership": "Lãnh đạo xem bảng thông tin",
    },
    ("access", "cause"): {
        "no_account": "chưa có tài khoản DWH",
        "no_right": "không còn quyền nào hiệu lực",
        "email_unverified": "IAM chưa xác nhận thư điện tử",
    },
    ("access", "reason"): {
        "dang-xuat": "người dùng đăng xuất",
        "khoa": "tài khoản bị khóa",
        "het-phien": "hết thời gian của phiên",
        "het-quyen": "không còn quyền nào hiệu lực",
    },
    ("run", "kind"): {
        "sync": "Đồng bộ nguồn",
        "build": "Tổng hợp",
        "publish": "Công bố",
        "run": "Đồng bộ, tổng hợp, công bố",
        "reconcile": "Đối soát với nguồn",
        "check": "Kiểm tra CSDL",
    },
    ("run", "state"): {
        "queued": "Chờ chạy",
        "running": "Đang chạy",
        "succeeded": "Thành công",
        "failed": "Lỗi",
        "cancelled": "Đã dừng",
    },
    ("change", "kind"): {
        "software": "Nghiệp vụ, phần mềm nguồn",
        "report": "Báo cáo, chỉ tiêu",
        "element": "Tiêu thức mới",
        "other": "Việc khác",
        "source": "Nguồn thay đổi cấu trúc",
    },
    ("change", "state"): {
        "draft": "Chờ thủ trưởng duyệt",
        "returned": "Trả lại, chờ sửa",
        "unit_approved": "Chờ Lãnh đạo Ngành",
        "leader_approved": "Chờ giao việc",
        "detected": "Mới phát hiện",
        "assigned": "Đang thực hiện",
        "done": "Đã xong",
        "rejected": "Không duyệt",
        "withdrawn": "Đã rút",
    },
    ("quarantine", "verdict"): {
        "accept": "Nhận vào số liệu",
        "reject": "Loại",
        "fix": "Đề nghị sửa ở nguồn",
    },
    ("quarantine", "state"): {
        "proposed": "Chờ người duyệt",
        "open": "Chờ lượt tổng hợp",
        "handed": "Lượt tổng hợp đã đọc",
        "undone": "Đã hoàn tác",
        "refused": "Không được duyệt",
    },
    ("organisation", "kind"): {
        "merge": "Hợp nhất, sáp nhập",
        "split": "Chia, tách",
        "move": "Chuyển đơn vị cấp trên",
        "rename": "Đổi tên",
        "abolish": "Giải thể",
        "create": "Thành lập mới",
    },
    ("submission", "frequency"): {
        "monthly": "Hằng tháng",
        "quarterly": "Hằng quý",
        "yearly": "Hằng năm",
    },
    ("submission", "tier"): {
        "office": "BHXH cơ sở gửi BHXH tỉnh",
        "province": "BHXH tỉnh gửi BHXH Việt Nam",
    },
    ("log", "loai"): {
        "act": "thao tác",
        "query": "khai thác số liệu",
        "denied": "bị từ chối",
        "signin": "đăng nhập",
    },
    ("report", "form"): {"man-hinh": "trên màn hình", "pdf": "PDF", "xlsx": "XLSX", "docx": "DOCX"},
    ("report", "ma_loai_kcb"): {"0": "tất cả"},
}
ALL_OF_IT: Final = "-1"  # how the report B02 writes «tất cả» (Mẫu B02)

# what an object is called by the word before its number; the rest is its number or name
OBJECT_WORDS: Final[dict[str, str]] = {
    "account": "Tài khoản",
    "accessgrant": "Quyền",
    "alert": "Cảnh báo đồng bộ",
    "change": "Yêu cầu thay đổi",
    "claim_file": "Tệp hồ sơ KCB",
    "dbcheck": "Biên bản kiểm tra CSDL",
    "decision": "Quyết định dữ liệu lỗi",
    "discrepancy": "Phiếu chênh lệch",
    "load": "Lần nạp tệp",
    "org_event": "Thay đổi tổ chức",
    "parameter": "Tham số",
    "question": "Câu hỏi",
    "reconciliation": "Đối soát",
    "release": "Bản công bố",
    "report": "Báo cáo",
    "run": "Lượt chạy",
    "schedule": "Lịch chạy",
    "source": "Nguồn",
    "subject": "Chủ đề",
    "submission": "Lần gửi báo cáo CSDL",
}
# objects and subjects that stand alone
NAMED: Final[dict[str, str]] = {
    "log": "Nhật ký",
    "analysis": "Phân tích",
    "decisions": "Các quyết định dữ liệu lỗi",
    "subject:quarantine": "Dữ liệu lỗi",
    "subject:quality": "Chất lượng dữ liệu",
}
PURPOSE_WORDS: Final[dict[str, str]] = {
    "dashboard:thu": "bảng thông tin Thu",
    "dashboard:kham-chua-benh": "bảng thông tin KCB",
    "report:b02": "báo cáo B02",
    "report:b02, nguồn gốc": "báo cáo B02, nguồn gốc",
    "dwh ask": "hỏi bằng dòng lệnh",
}


def fact_words(fact: str) -> str:
    """Return the words of a fact; one an older program recorded under another name reads as it was written."""
    return FACT_WORDS.get(fact, fact)


def code_words(action: str, fact: str, code: str) -> str:
    """Return what the code of a fact is called in the log of an action; a code without words is itself."""
    if action.startswith("report.") and code == ALL_OF_IT:
        return "tất cả"
    return CODE_WORDS.get((action.partition(".")[0], fact), {}).get(code, code)
