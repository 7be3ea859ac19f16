"""Files of every format, made from the same words, for the tests of reading."""

import io
import textwrap
import zipfile
import zlib

TITLE = "Ba tỉnh bàn chuyện nước"
LEAD = "Hội nghị Nước sạch khai mạc sáng 15/1 tại Hòa Bình với hơn 200 khách mời đến từ ba tỉnh thượng nguồn."
BODY = [
    """Theo ban tổ chức, mực nước các hồ đang thấp hơn cùng kỳ 4,2 m. Bộ trưởng Lê Hà đề nghị ba tỉnh xả nước theo \
lịch chung và báo tin cho hạ du trước 24 giờ.""",
    """\"Thiếu nước thì lúa chết, thừa nước thì người chết", ông Lò Văn Pao, một nông dân dự hội nghị, nói. Ông mong \
có kho dữ liệu mà ai cũng xem được.""",
    """Quỹ chung của ba tỉnh có 36 tỷ đồng trong năm đầu, trong đó một nửa dành cho trạm đo. Hội nghị kéo dài đến \
hết ngày 16/1 và sẽ thông qua kế hoạch giai đoạn 2026-2030.""",
]
TEXT = "\n\n".join([LEAD, *BODY])
SENTENCES = [
    LEAD,
    "Theo ban tổ chức, mực nước các hồ đang thấp hơn cùng kỳ 4,2 m.",
    "Bộ trưởng Lê Hà đề nghị ba tỉnh xả nước theo lịch chung và báo tin cho hạ du trước 24 giờ.",
    '"Thiếu nước thì lúa chết, thừa nước thì người chết", ông Lò Văn Pao, một nông dân dự hội nghị, nói.',
    "Ông mong có kho dữ liệu mà ai cũng xem được.",
    "Quỹ chung của ba tỉnh có 36 tỷ đồng trong năm đầu, trong đó một nửa dành cho trạm đo.",
    "Hội nghị kéo dài đến hết ngày 16/1 và sẽ thông qua kế hoạch giai đoạn 2026-2030.",
]
ENGLISH = (
    "The ministers met in the capital on Thursday to discuss water. They agreed on a common calendar for the "
    "reservoirs and promised to warn the people downstream one day ahead. The fund will begin with a small sum."
)


def page(body, *, head="", title=TITLE):
    """A press page with the furniture that such pages have."""
    paragraphs = "\n".join(f"<p>{item}</p>" for item in body)
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">
<title>{title} | Báo Sông Đà</title>{head}</head>
<body><header><nav><ul><li><a href="/a">Thời sự</a></li><li><a href="/b">Kinh tế</a></li></ul></nav></header>
<main><article><h1>{title}</h1>{paragraphs}</article></main>
<aside><h3>Đọc nhiều</h3><ul><li><a href="/c">Giá vàng giảm</a></li></ul></aside>
<footer><p>Báo Sông Đà. Ghi rõ nguồn khi dùng lại.</p></footer></body></html>"""


def pdf(paragraphs, *, width=80):
    """A one-page PDF with a text layer: a composite font whose ToUnicode map tells the letters."""
    lines = [line for paragraph in paragraphs for line in textwrap.wrap(paragraph, width)]
    codes = {char: number for number, char in enumerate(sorted(set("".join(lines))), 1)}
    shown = "\n".join(f"<{''.join(f'{codes[char]:04X}' for char in line)}> Tj T*" for line in lines)
    mapping = "\n".join(
        f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for char, code in codes.items()
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{mapping}\nendbfchar endcmap end end"
    )
    return pdf_of(
        f"BT /F1 11 Tf 14 TL 40 800 Td\n{shown}\nET".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(A)/Ordering(I)/Supplement 0>>"
        b"/DW 500>>",
        stream(cmap.encode()),
    )


def stream(data):
    """A compressed PDF stream."""
    packed = zlib.compress(data)
    return b"<</Length %d/Filter/FlateDecode>>\nstream\n%b\nendstream" % (len(packed), packed)


def pdf_of(content, font=b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", *more):
    """A one-page PDF of a content stream and its font objects."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 850]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        stream(content),
        font,
        *more,
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, item in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + head + table + tail


_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>'
)


def word_of(body, *, before=""):
    """A .docx whose document.xml holds `body`, for what no honest program writes."""
    name = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr(
            "word/document.xml", f"{before}<w:document {name}><w:body>{body}</w:body></w:document>"
        )
    return data.getvalue()


def word(paragraphs, *, title=None):
    """A .docx as Word writes it."""
    import docx

    document = docx.Document()
    if title:
        document.add_heading(title, 0)
    for item in paragraphs:
        document.add_paragraph(item)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def tcvn3(text):
    """`text` in TCVN 5712 (VN3), as archives of the nineties have it; letters it lacks stay as they are."""
    codes = "a8a9aaabacadaeb5b6b7b8b9bbbcbdbec6c7c8c9cacbcccecfd0d1d2d3d4d5d6d7d8dcdddedfe1e2e3e4e5e6e7e8"
    codes += "e9eaebecedeeeff1f2f3f4f5f6f7f8f9fafbfcfdfea1a2a3a4a5a6a7"
    letters = "ăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵĂÂÊÔƠƯĐ"
    table = dict(zip(letters, bytes.fromhex(codes), strict=True))
    return bytes(table.get(char) or ord(char) for char in text)


def cp1258(text):
    """`text` in Windows-1258, where tones are marks after their letter."""
    import unicodedata

    out = bytearray()
    for char in unicodedata.normalize("NFC", text):
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            base, tone = _split(char)
            out += base.encode("cp1258") + tone.encode("cp1258")
    return bytes(out)


def _split(char):
    import unicodedata

    parts = unicodedata.normalize("NFD", char)
    tones = [mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323"]
    rest = "".join(mark for mark in parts if mark not in tones)
    return unicodedata.normalize("NFC", rest), "".join(tones)
