from __future__ import annotations

from pathlib import Path

import pytest

from renmai.kernel.transfer.encoding import find_encoding

SHARED = Path(__file__).parents[4].parent / "shared" / "data" / "08_import"

LISTS = {
    "gb18030": [
        "姓名,公司\n王伟,华为\n",
        "name\n欧阳锋\n",
        "客户名称,联系人\n北京字节跳动科技有限公司,李娜\n",
        "name,note\nTom,下周回访\n",
        "张三",
    ],
    "big5hkscs": [
        "姓名,公司\n王偉,華為\n",
        "名稱\n鴻海\n",
        "客戶名稱,聯絡人\n台灣積體電路製造股份有限公司,陳怡君\n",
        "name,city\nWei,高雄\n",
    ],
    "cp874": ["ชื่อ,นามสกุล\nสมชาย,ใจดี\n", "name\nสมชาย\n", "ที่อยู่,จังหวัด\n123 ถ.สุขุมวิท,กรุงเทพฯ\n", "name,city\nJohn,เชียงใหม่\n", "อีเมล"],
    "cp932": ["名前,会社\n山田太郎,トヨタ自動車株式会社\n", "name\nスズキ\n", "氏名\n佐藤さくら\n", "name\n田中\n"],
    "cp1252": ["name\nJosé\n", "name,city\nMüller,Köln\n", "name\nFrançois Lefèvre,Genève\n", "name\nRené,€ 20\n", "name\nSÃO PAULO\n"],
}


@pytest.mark.parametrize(("encoding", "text"), [(encoding, text) for encoding, texts in LISTS.items() for text in texts])
def test_short_lists_in_older_encodings_are_recognised(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    assert path.read_bytes().decode(find_encoding(path)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", ["name,company\nWang Wei,华为\nSomchai,ปตท.\n", "name\nAda\n"])
def test_unicode_proves_itself(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    assert path.read_bytes().decode(find_encoding(path)).lstrip("\ufeff") == text


def test_one_name_at_the_end_of_a_long_english_file_decides(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"name,city\n" + b"John,London\n" * 60_000 + "สมชาย,กรุงเทพ\n".encode("cp874"))
    assert find_encoding(path) == "cp874"


def test_a_utf8_sign_far_down_is_still_utf8(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"name\n" + b"John\n" * 500_000 + "สมชาย\n".encode())
    assert find_encoding(path) == "utf-8"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
@pytest.mark.parametrize(
    ("folder", "encoding"), [("chardet/Big5", "big5hkscs"), ("chardet/GB2312", "gb18030"), ("chardet/TIS-620", "cp874")]
)
def test_pages_of_the_web_are_recognised(folder: str, encoding: str) -> None:
    paths = [path for path in sorted((SHARED / "encodings" / folder).iterdir()) if not path.read_bytes().isascii()]
    assert {path.name: find_encoding(path) for path in paths} == dict.fromkeys((path.name for path in paths), encoding)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
@pytest.mark.parametrize(
    ("name", "encoding"), [("a_shares_first800_gbk", "gb18030"), ("tw_listed_big5", "big5hkscs"), ("th_set_cp874", "cp874")]
)
def test_every_line_of_a_company_list_tells_its_encoding(tmp_path: Path, name: str, encoding: str) -> None:
    lines = [line for line in (SHARED / "encodings" / "derived" / f"{name}.csv").read_bytes().splitlines(True) if not line.isascii()]
    path = tmp_path / "line.csv"
    wrong = 0
    for line in lines:
        path.write_bytes(line)
        wrong += find_encoding(path) != encoding
    assert wrong <= len(lines) // 100
