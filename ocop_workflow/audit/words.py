"""What each deed of the audit is called where people read it."""

from __future__ import annotations

from typing import Final

from ocop_workflow.errors import Text
from ocop_workflow.states import Event

DEEDS: Final = {
    "activity.done": Text("ghi hoạt động đã xong", "recorded an activity as done"),
    "activity.undo": Text("hoàn tác hoạt động đã xong", "took back that an activity was done"),
    "certificate.confirm": Text("xác nhận giấy chứng nhận", "confirmed a certificate"),
    "certificate.enter": Text("nhập giấy chứng nhận cấp nơi khác", "entered a certificate granted elsewhere"),
    "certificate.refuse": Text("không xác nhận giấy chứng nhận", "refused a certificate"),
    "certificate.undo": Text("hoàn tác việc xác nhận", "took back what became of a certificate"),
    "copies.expire": Text("hết hạn giữ bản sao thư", "let copies of letters go"),
    "extension.grant": Text("gia hạn", "granted an extension"),
    "extension.revoke": Text("thu hồi gia hạn", "revoked an extension"),
    "file.add": Text("gắn tệp vào giấy tờ", "put a file to a paper"),
    "file.hand_in": Text("chủ thể gửi tệp qua liên kết", "handed a file in by a link"),
    "file.return": Text("trả lại tệp chủ thể gửi", "returned a file that was handed in"),
    "file.take": Text("nhận tệp chủ thể gửi vào hồ sơ", "took a file that was handed in as a paper"),
    "file.withdraw": Text("rút tệp khỏi giấy tờ", "took a file from a paper"),
    "flag.acknowledge": Text("ghi nhận đã biết trễ hạn", "acknowledged an overdue flag"),
    "letter.hold": Text("giữ thư lại", "held a letter"),
    "letter.release": Text("cho gửi thư", "released a letter"),
    "letter.resend": Text("gửi lại thư", "sent a letter again"),
    "occurrence.record": Text("ghi giấy tờ, sự việc", "recorded a paper or an occurrence"),
    "occurrence.undo": Text("hoàn tác giấy tờ, sự việc", "took back a paper or an occurrence"),
    "officer.add": Text("thêm cán bộ", "added an officer"),
    "officer.code_off": Text("tắt mã đăng nhập", "turned the one-time code off"),
    "officer.code_on": Text("bật mã đăng nhập", "turned the one-time code on"),
    "officer.disable": Text("vô hiệu hóa cán bộ", "disabled an officer"),
    "officer.email": Text("đổi địa chỉ thư riêng", "changed an officer's address"),
    "officer.grant": Text("giao vai trò", "granted a role"),
    "officer.link": Text("tạo liên kết đặt mật khẩu", "made a link to set a password"),
    "officer.link_used": Text("dùng liên kết đặt mật khẩu", "used a link to set a password"),
    "officer.password": Text("đặt mật khẩu", "set a password"),
    "officer.recovery_codes": Text("tạo mã dự phòng", "made recovery codes"),
    "officer.revoke": Text("thôi giao vai trò", "revoked a role"),
    "paper.add": Text("ghi giấy tờ của hồ sơ", "recorded a paper of a dossier"),
    "paper.link": Text("tạo liên kết nộp giấy tờ", "made a link by which papers are handed in"),
    "paper.link_revoke": Text("thu hồi liên kết nộp giấy tờ", "revoked a link by which papers are handed in"),
    "paper.withdraw": Text("rút giấy tờ khỏi hồ sơ", "withdrew a paper of a dossier"),
    "person.anonymise": Text("xóa tên một người", "took a person's name out"),
    "person.erase_again": Text("xóa lại sau khi phục hồi", "erased again after a restore"),
    "person.export": Text("xuất dữ liệu về một người", "handed out what is kept of a person"),
    "plan.change": Text("sửa kế hoạch", "changed a plan"),
    "plan.import": Text("nhập danh sách", "published a list"),
    "plan.load": Text("nạp kế hoạch", "loaded a plan"),
    "plan.remove": Text("gỡ kế hoạch", "removed a plan"),
    "product.create": Text("thêm sản phẩm", "entered a product"),
    "product.edit": Text("sửa thông tin sản phẩm", "corrected a product"),
    "product.relocate": Text("chuyển sản phẩm sang địa phương khác", "moved a product to another unit"),
    "product.undo": Text("hoàn tác thao tác của sản phẩm", "undid a product's step"),
    "question.answer": Text("trả lời câu hỏi khi nhập danh sách", "answered a question of a list"),
    "session.end": Text("kết thúc phiên đăng nhập", "ended a session"),
    "sign-in": Text("đăng nhập", "signed in"),
    "sign-in.code": Text("nhập đúng mã đăng nhập", "gave the one-time code"),
    "sign-in.code_refused": Text("nhập sai mã đăng nhập", "gave a wrong one-time code"),
    "sign-in.refused": Text("đăng nhập không được", "was not let in"),
    "sign-out": Text("thoát", "signed out"),
    "sweep": Text("quét hạn", "swept"),
    "sweep.confirm": Text("xác nhận lần quét chờ", "confirmed a waiting sweep"),
    "token.create": Text("tạo mã truy cập", "made a token"),
    "token.revoke": Text("thu hồi mã truy cập", "revoked a token"),
    "unit.carry_out": Text("thực hiện sắp xếp đơn vị hành chính", "carried out a reform of units"),
    "unit.contact_add": Text("thêm địa chỉ nhận thư", "added an address of a unit"),
    "unit.contact_end": Text("thôi gửi đến một địa chỉ", "ended an address of a unit"),
    "unit.end": Text("kết thúc một địa phương", "ended a unit"),
    "unit.load": Text("nạp danh mục địa phương", "loaded units"),
    "unit.merge": Text("sáp nhập địa phương", "merged a unit"),
} | {f"product.{event.value}": event.text for event in Event}


def deed_text(action: str) -> Text:
    """Return what a deed is called; one that was refused is called refused, an unknown one as it stands."""
    if action.startswith("refused."):
        return Text("bị từ chối", "was refused")
    return DEEDS.get(action, Text(action, action))
