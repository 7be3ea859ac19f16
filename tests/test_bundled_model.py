"""The bundled model as others would load it: transformers' own MarianMTModel and tokenizer, against CTranslate2.

float32 must agree sentence by sentence. int8 is what the job runs: it rounds weights and activations, so a near tie
may be decided the other way; how many sentences that may be for the weights that ship is pinned here.
"""

import pytest
import torch

from jobs.train.equality import greedy
from jobs.translate.models import BUNDLED, PACKAGE, resolve, verify

FOLDER = PACKAGE / "models" / BUNDLED
MAX_MB = 50
SENTENCES = """
Chiều 3/12, Quốc hội biểu quyết thông qua nghị quyết về phát triển nhà ở xã hội.
Phó Thủ tướng yêu cầu các địa phương chủ động ứng phó với bão.
Kim ngạch xuất khẩu tháng 11 đạt 35,6 tỷ USD.
Công an thành phố bắt giữ bốn nghi phạm trong vụ lừa đảo qua mạng.
Tuyến metro số 1 đón hơn 100.000 lượt khách trong ngày đầu.
Bộ Y tế cảnh báo dịch sởi có thể lan rộng.
Hai nước sẽ nâng cấp quan hệ lên đối tác chiến lược toàn diện.
Ngân hàng Nhà nước giữ nguyên lãi suất điều hành.
Lũ quét cuốn trôi ba ngôi nhà ở huyện miền núi.
Ông cho rằng giá điện cần được điều chỉnh theo thị trường.
Đội tuyển nữ giành huy chương vàng SEA Games.
Giá vàng trong nước lập kỷ lục mới.
Sân bay Long Thành dự kiến khai thác vào năm 2026.
Bà được bầu làm Chủ tịch Hội đồng quản trị.
Hội thảo thu hút hơn 300 nhà khoa học trong và ngoài nước.
Sinh viên phải hoàn thành bài thi trước ngày 20/6.
Cơ quan chức năng đang điều tra nguyên nhân vụ cháy.
Tỷ lệ thất nghiệp giảm xuống còn 2,2%.
Mỗi hộ dân được hỗ trợ 5 triệu đồng.
Hãng xe điện mở nhà máy thứ hai ở miền Trung.
Người dân xếp hàng từ sáng sớm để mua vé tàu Tết.
Các chuyên gia khuyên nên hạn chế ra đường vào buổi trưa.
Dự thảo luật gồm 12 chương và 148 điều.
Thủ tướng tiếp Đại sứ Nhật Bản tại trụ sở Chính phủ.
Doanh thu du lịch quý I tăng 18% so với cùng kỳ.
Nhiều chuyến bay bị hoãn vì sương mù dày đặc.
Trường trung học này có 45 lớp và 1.800 học sinh.
Nghệ sĩ trẻ giới thiệu album đầu tay.
Nông dân được mùa lúa nhưng giá lại giảm.
Tòa án sẽ mở phiên xét xử vào tuần tới.
Việt Nam ủng hộ giải quyết tranh chấp bằng biện pháp hòa bình.
Cầu mới giúp rút ngắn thời gian đi lại còn 15 phút.
Bệnh nhân đã được ghép tim thành công.
Bảo hiểm y tế sẽ chi trả toàn bộ chi phí điều trị.
Hơn 2.000 vận động viên tham dự giải chạy.
Giá nhà ở các thành phố lớn tiếp tục tăng.
Chính phủ phê duyệt quy hoạch điện đến năm 2030.
Tập đoàn công nghệ cam kết đầu tư thêm 1 tỷ USD.
Động đất mạnh 4,3 độ xảy ra lúc nửa đêm.
Các em nhỏ được tặng sách và áo ấm.
Lực lượng biên phòng cứu 9 ngư dân gặp nạn trên biển.
Làng nghề gốm có lịch sử hơn 500 năm.
Mức lương tối thiểu vùng tăng từ ngày 1/7.
Ủy ban nhân dân tỉnh công bố danh sách các dự án chậm tiến độ.
Thị trường bất động sản có dấu hiệu phục hồi.
Liên Hợp Quốc kêu gọi các bên ngừng bắn ngay lập tức.
Ông Nguyễn Văn Nam, 52 tuổi, là chủ trang trại.
Kỳ thi diễn ra trong hai ngày 26 và 27/6.
Rừng phòng hộ giúp giảm thiệt hại do sóng lớn.
Phiên bản mới của ứng dụng có thêm tính năng dịch tự động.
""".strip().split("\n")
# Sentences of the 50 that int8 may translate otherwise than float32.
INT8_DIFFERENCES = 3


@pytest.fixture(scope="module")
def reference():
    """Greedy output by transformers alone: its model class, its tokenizer, its generation."""
    from transformers import MarianMTModel, MarianTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()
    tokenizer = MarianTokenizer.from_pretrained(FOLDER)
    model = MarianMTModel.from_pretrained(FOLDER, dtype=torch.float32, local_files_only=True).eval()
    with torch.inference_mode():
        made = model.generate(
            **tokenizer(SENTENCES, return_tensors="pt", padding=True),
            num_beams=1,
            do_sample=False,
            max_new_tokens=256,
        )
    return tokenizer.batch_decode(made, skip_special_tokens=True)


def translated(compute_type, cache):
    return greedy(FOLDER, SENTENCES, compute_type=compute_type, threads=1, cache=cache)


def test_the_folder_is_whole_small_and_marked(shared_cache):
    model = resolve(BUNDLED, cache=shared_cache)
    verify(model)
    assert (FOLDER / "model.safetensors").stat().st_size < MAX_MB * 2**20
    assert model.model_type == "marian"
    assert model.config["dtype"] == "float16"
    assert (FOLDER / "source.spm").read_bytes() == (FOLDER / "target.spm").read_bytes()


def test_float32_gives_the_output_of_transformers(reference, shared_cache):
    assert len(set(SENTENCES)) == 50
    assert translated("float32", shared_cache) == reference


def test_int8_differs_on_no_more_sentences_than_pinned(reference, shared_cache):
    pairs = zip(SENTENCES, reference, translated("int8", shared_cache), strict=True)
    differing = [f"{vi}\n  {one}\n  {other}" for vi, one, other in pairs if one != other]
    assert len(differing) <= INT8_DIFFERENCES, "\n".join(differing)
