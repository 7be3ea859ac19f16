"""Three short articles for tests of the whole job; two outlets on one event, one on another."""

from pathlib import Path

ARTICLES = {
    "cau-song-hau.txt": """Khởi công cầu vượt sông Hậu nối hai tỉnh

Sáng 12/3, Bộ Xây dựng tổ chức lễ khởi công cầu vượt sông Hậu dài 2,4 km với tổng vốn 3.500 tỷ đồng.

Phát biểu tại buổi lễ, Thứ trưởng Lê Minh Tâm cho biết cây cầu sẽ hoàn thành vào cuối năm 2028. \
"Công trình giúp người dân đi lại nhanh hơn 40 phút", ông Tâm nói.

Khoảng 1.200 người dân đã đến xem lễ khởi công. Chủ đầu tư cam kết không để chậm tiến độ.
""",
    "khoi-cong-cau.txt": """Cầu mới qua sông Hậu: người dân hết cảnh chờ phà

Ngày 12/3, cây cầu dài 2,4 km bắc qua sông Hậu đã được khởi công sau nhiều năm chờ đợi.

Theo Bộ Xây dựng, tổng vốn của dự án là 3.600 tỷ đồng, lấy từ ngân sách trung ương. \
Thứ trưởng Lê Minh Tâm yêu cầu nhà thầu bảo đảm an toàn lao động.

Hiện mỗi ngày có 9.000 lượt xe phải chờ phà để qua sông.
""",
    "gia-lua.txt": """Giá lúa tăng trở lại sau ba tuần giảm

Giá lúa tươi tại ruộng ngày 14/3 tăng 300 đồng mỗi kg so với tuần trước, theo các thương lái ở An Giang.

Bà Trần Thị Hoa, một nông dân ở huyện Chợ Mới, nói gia đình bà vừa bán 12 tấn lúa với giá 6.800 đồng mỗi kg. \
Hiệp hội Lương thực Việt Nam dự báo xuất khẩu gạo tăng 5% trong quý II.
""",
}


def write_articles(folder, names=tuple(ARTICLES), *, reverse=False):
    """Write the articles `names` into `folder`, in this or the opposite order of creation."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(names, reverse=reverse):
        (folder / name).write_text(ARTICLES[name], encoding="utf-8")
    return folder
