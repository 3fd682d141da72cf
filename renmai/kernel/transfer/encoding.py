"""Which encoding a text file is in.

UTF-8 and UTF-16 prove themselves. The older ones of our languages overlap, so each is tried and the text it gives is judged: real
text has common characters of one script in a believable order, while a wrong decoding gives rare ones at random. The judgement
works on the handful of letters of a short contact list, where statistics over bytes do not.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from charset_normalizer import from_bytes

LEGACY = ("gb18030", "big5hkscs", "cp874", "cp932", "cp1252")
ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5hkscs", "cp874", "cp932", "euc_kr", "cp1252", "cp1250", "cp1251")
SAMPLE = 256 * 1024
CONVINCING = 0.3
ENOUGH_FOR_STATISTICS = 12

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What stands in headers, company names, addresses and family names far more often than elsewhere.
_COMMON = set(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起"
    "这個來國時會對過說們為後裡麼學還開關長東無與電業產車門馬風飛語書點氣體萬實現發當經種進動問間聯華灣臺縣區號樓號"
    "公司有限责任股份科技集团贸易实业工业信息技术网络电子机械制造服务投资发展商国际控股银行证券医药生物能源材料建设食品汽车股份"
    "責團貿實業資訊術網絡電機務投資發國際銀證醫藥設備廠總經理課長協處辦貨運銷價錢單據額"
    "客户名称姓名联系人电话手机邮箱地址省市区县街道路号楼室备注来源等级行业状态类型创建更新时间负责编日期金额产品职位部门性别"
    "戶稱聯絡電話郵箱址縣區鄉鎮備註來源級狀態類創建負責編產職門別姓名統編"
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "張劉陳楊黃趙吳孫馬鄭謝許鄧馮韓蕭葉蔣蘇呂盧鍾譚範陸賈韋鄒閻龍賀顧龔萬錢嚴湯"
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文志俊雅婷怡君宗翰家豪淑惠美雪北京上海广州深圳杭南西安成都武汉重庆天津苏新竹台中高雄桃园"
    "偉靜麗強軍豔傑濤剛蘭紅廣漢慶園"
)
_HAN = re.compile("[\u4e00-\u9fff]")
_THAI_WRONG = re.compile(
    "(?:^|[^\u0e01-\u0e2e])[\u0e31\u0e34-\u0e3a]|(?:^|[^\u0e01-\u0e3a])[\u0e47-\u0e4e]|[\u0e40-\u0e44](?![\u0e01-\u0e2e])|[\u0e3f\u0e4f\u0e50-\u0e5b](?=[\u0e01-\u0e2e])"
)
_THAI_RUN = re.compile("[\u0e01-\u0e5b]+")
_THAI_VOWEL = re.compile("[\u0e30-\u0e45\u0e47-\u0e4d]")
_THAI_RARE = re.compile(
    "[\u0e03\u0e05\u0e06\u0e0c\u0e0e\u0e0f\u0e11\u0e12\u0e1d\u0e24\u0e26\u0e2c\u0e2f\u0e3a\u0e45\u0e4d-\u0e4f\u0e5a\u0e5b]"
)
_ACCENTED_WORD = re.compile("[A-Za-zÀ-ÖØ-öø-ÿŠšŽžŒœŸ’]+")


def find_encoding(path: Path) -> str:
    """Python's name of the encoding of a text file.

    Args:
        path: The file; all of it is read once, in pieces, to be sure of UTF-8, and its first quarter of a megabyte is judged else.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if wide := _wide_without_mark(head):
        return wide
    return "utf-8" if _is_utf8(path) else judge(_lines_worth_judging(path))


def judge(data: bytes) -> str:
    """The most believable older encoding of some bytes that are not UTF-8."""
    scores = {name: believable(data.decode(name, "replace"), name) for name in LEGACY}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] >= CONVINCING or sum(byte > 0x7F for byte in data) < ENOUGH_FOR_STATISTICS:
        return best
    match = from_bytes(data, cp_isolation=[*ENCODINGS[2:]]).best()
    return str(match.encoding) if match else best


def believable(text: str, encoding: str) -> float:
    """How much a decoded text looks like what people write in that encoding, from -1 to 1, averaged over its non-ASCII characters."""
    foreign = sum(char > "\x7f" for char in text)
    if not foreign:
        return 0.0
    return _JUDGES[encoding](text) / foreign - 2 * text.count("\ufffd") / foreign


def _wide_without_mark(head: bytes) -> str | None:
    """UTF-16 of mostly Latin text has a zero in every second byte."""
    pairs = len(head) // 2
    if pairs < 2 or b"\0" not in head:
        return None
    if head[1::2].count(0) > 0.4 * pairs and head[0::2].count(0) < 0.1 * pairs:
        return "utf-16-le"
    if head[0::2].count(0) > 0.4 * pairs and head[1::2].count(0) < 0.1 * pairs:
        return "utf-16-be"
    return None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _lines_worth_judging(path: Path) -> bytes:
    """Whole lines that hold a byte above ASCII: an English file with one name at its end is judged by that name."""
    found: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                found.append(line[:4096])
                size += len(found[-1])
            if size > SAMPLE:
                break
    return b"".join(found)


def _sum(text: str, weigh: Callable[[str], float]) -> float:
    return sum(weigh(char) for char in text if char > "\x7f")


@cache
def _level_one(encoding: str) -> frozenset[str]:
    """The everyday half of a double-byte set: both GB 2312 and Big5 put frequent characters first, and JIS likewise."""
    rows: Iterable[int] = {"gb18030": range(0xB0, 0xD8), "big5hkscs": range(0xA4, 0xC7), "cp932": range(0x88, 0x98)}[encoding]
    cells = range(0x40, 0xFF)
    return frozenset(bytes((row, cell)).decode(encoding, "ignore") for row in rows for cell in cells)


def _weigh_han(encoding: str) -> Callable[[str], float]:
    everyday = _level_one(encoding)

    def weigh(char: str) -> float:
        if char in _COMMON:
            return 1.0
        if char in everyday:
            return 0.45
        if "\u3000" <= char <= "\u303f" or "\uff01" <= char <= "\uff5e":
            return 0.3
        return -0.2 if _HAN.match(char) else -0.8

    return weigh


def _han(encoding: str) -> Callable[[str], float]:
    return lambda text: _sum(text, _weigh_han(encoding))


def _japanese(text: str) -> float:
    """Japanese is known by its kana; without any, kanji alone prove little, and half-width kana are what other encodings turn into."""
    han = _weigh_han("cp932")
    kana = sum("\u3041" <= char <= "\u30fe" for char in text)
    half = sum("\uff61" <= char <= "\uff9f" for char in text)
    certain = kana > half

    def weigh(char: str) -> float:
        if "\u3041" <= char <= "\u30fe":
            return 1.0
        if "\uff61" <= char <= "\uff9f":
            return -0.6
        return han(char) if certain else min(han(char), 0.4)

    return _sum(text, weigh)


def _thai(text: str) -> float:
    """Vowels and tone marks stand where Thai allows them, and no word is without one."""
    strange = sum(char > "\x7f" and not "\u0e01" <= char <= "\u0e5b" for char in text)
    return sum(_thai_run(run) for run in _THAI_RUN.findall(text)) - strange


def _thai_run(run: str) -> float:
    if len(run) == 1:
        return -0.5
    vowels = len(_THAI_VOWEL.findall(run)) / len(run)
    each = 0.9 if 0.15 <= vowels <= 0.6 and len(run) > 2 else 0.3
    return each * len(run) - 4.0 * len(_THAI_WRONG.findall(run)) - 0.7 * len(_THAI_RARE.findall(run))


def _latin(text: str) -> float:
    """Accented letters stand alone between plain ones, and capitals start a word."""
    return sum(_word(word) for word in _ACCENTED_WORD.findall(text)) - 0.7 * _sum(
        text, lambda char: not char.isalpha() and char not in "’‘“”–—€£°²½«»©®™"
    )


def _word(word: str) -> float:
    foreign = [char for char in word if char > "\x7f"]
    plain = len(word) - len(foreign)
    mixed_case = any(char.isupper() for char in word[1:]) and not word.isupper()
    if mixed_case or len(foreign) > max(plain, 1):
        return -1.0 * len(foreign)
    return 0.8 * len(foreign) if plain > 1 else 0.1 * len(foreign)


_JUDGES: dict[str, Callable[[str], float]] = {
    "gb18030": _han("gb18030"),
    "big5hkscs": _han("big5hkscs"),
    "cp874": _thai,
    "cp932": _japanese,
    "cp1252": _latin,
}
