"""The looks of NĐ 30/2020/NĐ-CP (Phụ lục I) as styles of a Word file, and the empty file that they stand in.

The file is our own: no thumbnail, no custom XML, no theme; its language is Vietnamese; each style names Times
New Roman for every script, so that no program puts another face in its place.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import cache
from typing import Final

FACE: Final = "Times New Roman"
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of paragraph looks.

    Attributes:
        id: what the file calls it; `name`: what a person sees in the list of styles.
        size: in points.
        side: `left`, `center`, `right`, `both` (justified).
        before, after: the gaps over and under it, in points.
        first: by how much its first line stands in, in millimetres.
        line: the distance of its lines, in 240ths of a single one.
        next_to: it stays on the page of what follows.
    """

    id: str
    name: str
    size: float
    is_bold: bool = False
    is_italic: bool = False
    side: str = "left"
    before: float = 0
    after: float = 0
    first: float = 0
    line: int = 240
    next_to: bool = False


#: NĐ 30/2020/NĐ-CP, Phụ lục I, mục IV: sizes and types of each element
LOOKS: Final = (
    Look("Nation", "Quốc hiệu", 12, is_bold=True, side="center"),
    Look("Motto", "Tiêu ngữ", 13, is_bold=True, side="center"),
    Look("Superior", "Cơ quan chủ quản", 12, side="center"),
    Look("Body", "Cơ quan ban hành", 12, is_bold=True, side="center"),
    Look("Number", "Số, ký hiệu", 13, side="center", before=6),
    Look("PlaceDay", "Địa danh, thời gian", 13, is_italic=True, side="center", before=6),
    Look("Regarding", "Về việc", 12, side="center", before=6),
    Look("Kind", "Tên loại văn bản", 14, is_bold=True, side="center", before=14, next_to=True),
    Look("Abstract", "Trích yếu", 14, is_bold=True, side="center", next_to=True),
    Look(
        "Authority", "Thẩm quyền ban hành", 14, is_bold=True, side="center", before=8, after=6, next_to=True
    ),
    Look("Addressed", "Kính gửi", 14, side="center", before=6, after=6),
    Look("Ground", "Căn cứ", 14, is_italic=True, side="both", after=6, first=12.7),
    Look("Text", "Thân bài", 14, side="both", after=6, first=12.7),
    Look("Part", "Phần", 14, is_bold=True, side="both", before=3, after=6, first=12.7, next_to=True),
    Look("Centred", "Giữa dòng", 14, is_bold=True, side="center", before=3, after=6, next_to=True),
    Look("Small", "Chú thích", 12, is_italic=True, side="both", after=4),
    Look("Label", "Mục của phiếu", 13, side="left", after=2),
    Look("Signing", "Quyền hạn, chức vụ", 14, is_bold=True, side="center", next_to=True),
    Look("Hint", "Chú thích chữ ký", 12, is_italic=True, side="center", next_to=True),
    Look("Signed", "Họ tên người ký", 14, is_bold=True, side="center", before=64),
    Look("Recipients", "Nơi nhận", 12, is_bold=True, is_italic=True, next_to=True),
    Look("Recipient", "Danh sách nơi nhận", 11),
    Look("AnnexName", "Tên phụ lục", 14, is_bold=True, side="center", after=2, next_to=True),
    Look("AnnexReference", "Kèm theo", 14, is_italic=True, side="center", next_to=True),
    Look("Cell", "Ô bảng", 12, before=1, after=1),
    Look("CellHead", "Đầu bảng", 12, is_bold=True, side="center", before=1, after=1),
    Look("CellPart", "Mục trong bảng", 12, is_bold=True, before=1, after=1),
    Look("Rule", "Đường kẻ", 1),
    Look("SectionEnd", "Hết phần", 1),
    Look("PageNumber", "Số trang", 13, side="center"),
    Look("Caption", "Chữ dưới hình", 11, is_italic=True, side="center"),
    Look("CertificateIssuer", "Cơ quan cấp", 14, is_bold=True, side="center"),
    Look("CertificateTitle", "Tên giấy chứng nhận", 32, is_bold=True, side="center", before=10),
    Look("CertificateMark", "Điều phải biết", 14, is_bold=True, side="center", before=2, after=4),
    Look("CertificateKind", "Loại chứng nhận", 20, is_bold=True, side="center", before=2, after=4),
    Look("CertificateProduct", "Tên sản phẩm", 26, is_bold=True, side="center", before=6, after=8),
    Look("CertificateStars", "Sao", 28, side="center", after=4),
    Look("CertificateFact", "Dòng chứng nhận", 15, side="center", after=4),
)


def _style(look: Look) -> str:
    is_rule = look.size <= 1
    rule = "exact" if is_rule else "auto"
    line = 60 if is_rule else look.line
    marks = ("<w:keepNext/>" if look.next_to else "") + "<w:widowControl/>"
    spacing = (
        f'<w:spacing w:before="{look.before * 20:.0f}" w:after="{look.after * 20:.0f}" '
        f'w:line="{line}" w:lineRule="{rule}"/>'
    )
    indent = f'<w:ind w:firstLine="{look.first * 56.6929:.0f}"/>' if look.first else ""
    bold = "<w:b/><w:bCs/>" if look.is_bold else ""
    italic = "<w:i/><w:iCs/>" if look.is_italic else ""
    half = f"{look.size * 2:.0f}"
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{look.id}"><w:name w:val="{look.name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{marks}{spacing}{indent}<w:jc w:val="{look.side}"/>'
        f'</w:pPr><w:rPr>{bold}{italic}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr></w:style>'
    )


_FONTS: Final = f'<w:rFonts w:ascii="{FACE}" w:hAnsi="{FACE}" w:eastAsia="{FACE}" w:cs="{FACE}"/>'
_LANGUAGE: Final = '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="vi-VN"/>'


@cache
def empty_file() -> bytes:
    """Return the empty Word file into which every document is written."""
    styles = (
        f'{_XML}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{_FONTS}<w:sz w:val="28"/>'
        f'<w:szCs w:val="28"/>{_LANGUAGE}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f'<w:rPr>{_FONTS}<w:color w:val="000000"/><w:sz w:val="28"/><w:szCs w:val="28"/>{_LANGUAGE}</w:rPr>'
        '</w:style><w:style w:type="paragraph" w:styleId="Header"><w:name w:val="header"/>'
        '<w:basedOn w:val="Normal"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
        f"{''.join(map(_style, LOOKS))}</w:styles>"
    )
    document = f'{_XML}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body><w:sectPr/></w:body></w:document>'
    settings = (
        f'{_XML}<w:settings xmlns:w="{_W}"><w:defaultTabStop w:val="720"/><w:compat><w:compatSetting '
        'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="vi-VN"/></w:settings>'
    )
    types = (
        f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        f'<Override PartName="/word/settings.xml" ContentType="{_TYPES}.settings+xml"/></Types>'
    )
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    top = (
        f'{_XML}<Relationships xmlns="{relations}"><Relationship Id="rId1" '
        f'Type="{_R}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    own = (
        f'{_XML}<Relationships xmlns="{relations}">'
        f'<Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId2" Type="{_R}/settings" Target="settings.xml"/></Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in (
            ("[Content_Types].xml", types),
            ("_rels/.rels", top),
            ("word/document.xml", document),
            ("word/_rels/document.xml.rels", own),
            ("word/styles.xml", styles),
            ("word/settings.xml", settings),
        ):
            package.writestr(name, text)
    return out.getvalue()
