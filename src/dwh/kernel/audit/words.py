"""What people read for an action of the log. One table; a test finds every action the code records in it."""

from __future__ import annotations

from typing import Final

ACTION_WORDS: Final[dict[str, str]] = {
    # accounts and rights
    "access.granted": "Cấp quyền truy cập",
    "access.revoked": "Thu hồi quyền truy cập",
    "access.signed_in": "Đăng nhập",
    "access.session_ended": "Kết thúc phiên làm việc",
    "access.sign_in_refused": "Từ chối đăng nhập",
    "account.opened": "Mở tài khoản",
    "account.closed": "Khóa tài khoản",
    "units.loaded": "Cập nhật danh mục đơn vị",
    # figures
    "data.asked": "Hỏi số liệu",
    "data.refused": "Từ chối câu hỏi số liệu",
    "data.stop_asked": "Dừng câu hỏi đang chạy",
    "query.refused": "Từ chối tài liệu truy vấn",
    "report.run": "Chạy báo cáo",
    "report.refused": "Từ chối tham số báo cáo",
    "export.made": "Kết xuất số liệu ra tệp",
    "log.read": "Xem nhật ký của người khác",
    # the data path
    "run.asked": "Yêu cầu chạy",
    "run.stop_asked": "Yêu cầu dừng lượt chạy",
    "run.ended": "Kết thúc lượt chạy",
    "schedule.changed": "Đổi lịch chạy",
    "parameter.set": "Đặt tham số kỹ thuật",
    "parameter.withdrawn": "Rút thay đổi tham số kỹ thuật",
    "organisation.entered": "Nhập thay đổi tổ chức",
    "organisation.approved": "Duyệt thay đổi tổ chức",
    "organisation.withdrawn": "Rút thay đổi tổ chức",
    "organisation.undone": "Hoàn tác thay đổi tổ chức",
    "dbcheck.made": "Kiểm tra cơ sở dữ liệu",
    "dbcheck.signed": "Ký biên bản kiểm tra cơ sở dữ liệu",
    "dbcheck.corrected": "Lập biên bản đính chính kiểm tra cơ sở dữ liệu",
    "build.loss_accepted": "Chấp nhận bảng nguồn mất nhiều dòng",
    "release.published": "Công bố bản số liệu",
    "reconciliation.made": "Lập bảng đối soát",
    "reconciliation.signed": "Ký đối soát",
    "discrepancy.opened": "Mở phiếu sai lệch",
    "discrepancy.answered": "Trả lời phiếu sai lệch",
    "discrepancy.closed": "Đóng phiếu sai lệch",
    "change.opened": "Lập yêu cầu thay đổi",
    "change.edited": "Sửa yêu cầu thay đổi",
    "change.withdrawn": "Rút yêu cầu thay đổi",
    "change.approved": "Duyệt yêu cầu thay đổi",
    "change.returned": "Trả lại yêu cầu thay đổi",
    "change.rejected": "Không duyệt yêu cầu thay đổi",
    "change.assigned": "Giao việc theo yêu cầu thay đổi",
    "change.done": "Đóng yêu cầu thay đổi",
    "change.source_differs": "Mở yêu cầu vì nguồn thay đổi cấu trúc",
    "change.source_differs_again": "Ghi nhận khác biệt của nguồn trở lại",
    "change.source_agrees": "Ghi nhận khác biệt của nguồn không còn",
    "quarantine.decided": "Quyết định về dòng bị giữ",
    "quarantine.approved": "Duyệt quyết định về dòng bị giữ",
    "quarantine.refused": "Từ chối quyết định về dòng bị giữ",
    "quarantine.undone": "Hoàn tác quyết định về dòng bị giữ",
    "quarantine.handed_over": "Chuyển quyết định về dòng bị giữ cho lượt tổng hợp",
    "load.prepared": "Chuẩn bị nạp tệp theo kế hoạch",
    "load.approved": "Duyệt và nạp tệp theo kế hoạch",
    "load.declined": "Không duyệt nạp tệp theo kế hoạch",
    "claims.file_loaded": "Nhận tệp hồ sơ khám chữa bệnh",
    "load.refused": "Từ chối tệp nạp theo kế hoạch",
    # refusals: the code of the error is the action
    "access.denied": "Từ chối vì chưa có quyền",
    "dwh.error": "Từ chối yêu cầu",
    "dwh.invalid": "Từ chối nội dung chưa đúng",
    "dwh.not_found": "Từ chối: không có, hoặc ngoài phạm vi",
    "dwh.conflict": "Từ chối vì việc khác đang làm",
    "query.unknown_field": "Từ chối vì tên trường không có",
    "query.too_many_rows": "Từ chối vì quá nhiều dòng",
    "query.too_slow": "Dừng câu hỏi chạy quá lâu",
    "run.cancelled": "Dừng theo yêu cầu",
    "source.down": "Nguồn không trả lời",
    "source.contract_broken": "Nguồn sai hợp đồng dữ liệu",
    "file.damaged": "Tệp số liệu bị hỏng",
    "file.refused": "Từ chối tệp nhận",
    "build.audit_failed": "Kiểm toán bản tổng hợp không đạt",
    "signin.provider_down": "IAM không trả lời",
    "signin.refused": "IAM từ chối đăng nhập",
}
CHANNEL_WORDS: Final = {"web": "trang web", "cli": "dòng lệnh", "worker": "tiến trình nền"}


def action_words(action: str) -> str:
    """Return the words of an action; one an older program recorded under another name reads as it was written."""
    return ACTION_WORDS.get(action, action)
