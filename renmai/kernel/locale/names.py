"""Names of people: put together in the order of their script, taken apart only where script and title leave no doubt."""

from __future__ import annotations

import re
from typing import NamedTuple

from renmai.kernel.locale.digits import plain


def _words(listed: str) -> frozenset[str]:
    return frozenset(plain(listed).split())


_FAMILY_FIRST = re.compile("[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]+")
_THAI = re.compile("[\u0e00-\u0e7f]")
_THAI_BEGINNING = re.compile("[ก-ฮเแโใไ]")

_THAI_TITLES = _words("""
นาย นาง นางสาว น.ส. คุณ ด.ช. ด.ญ. เด็กชาย เด็กหญิง ดร. ดอกเตอร์ นายแพทย์ แพทย์หญิง นพ. พญ. ทพ. ทพญ. ภก. ภญ. อาจารย์ อ. ผศ. รศ. ศ.
ผศ.ดร. รศ.ดร. ศ.ดร. ม.ล. ม.ร.ว. หม่อมหลวง หม่อมราชวงศ์ ว่าที่ร้อยตรี
""")
# Given names and offices that begin like a title.
_NO_THAI_TITLES = _words("""
คุณธรรม คุณวุฒิ คุณภัทร คุณพัฒน์ คุณวัฒน์ คุณกร คุณชัย คุณพร คุณสมบัติ นายกรัฐมนตรี นายกสมาคม นายกสภา นายกเทศมนตรี นายกองค์การ นายหน้า นายทะเบียน
นายจ้าง
""")
_CHINESE_TITLES = _words("""
先生 小姐 女士 太太 夫人 总 總 总经理 總經理 副总 副總 经理 經理 董事长 董事長 董事 总监 總監 主任 主管 老师 老師 教授
博士 医生 醫生 医师 醫師 律师 律師 会计师 會計師 工程师 工程師 老板 老闆 店长 店長 处长 處長 科长 科長 局长 局長 部长
部長 院长 院長 校长 校長 秘书 秘書 同学 同學 师傅 師傅
""")
_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧韩韓冯馮曹彭曾肖蕭萧田董潘袁蔡蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧姚沈钟鍾姜崔谭譚"
    "陆陸范汪廖石金贾賈韦韋夏付傅方邹鄒熊白孟秦邱江尹薛闫閻阎段雷侯龙龍黎史陶贺賀毛郝顾顧龚龔邵万萬覃武钱錢戴严嚴莫孔向汤湯温溫康施洪翁倪柯卓詹游涂凌"
)
COMPOUND_SURNAMES = _words("""
欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 司徒 东方 東方 独孤 獨孤 南宫 南宮 夏侯 皇甫 尉迟 尉遲 公孙 公孫 慕容 长孙 長孫 宇文
令狐 端木 百里 呼延 轩辕 軒轅 东郭 東郭 南门 南門 西门 西門 申屠 钟离 鍾離 太史 公羊 谷梁 穀梁 闻人 聞人 濮阳 濮陽 淳于
单于 單于 万俟 完颜 完顏 纳兰 納蘭 张简 張簡 范姜 张廖 張廖
""")
_THAI_TITLE = re.compile(rf"({'|'.join(re.escape(title) for title in sorted(_THAI_TITLES, key=len, reverse=True))})\s*(.+)")
_CHINESE_TITLE = re.compile(rf"(.{{1,3}}?)\s*({'|'.join(sorted(_CHINESE_TITLES, key=len, reverse=True))})")


class Parts(NamedTuple):
    """The parts of a name that are certain; the others are empty."""

    family: str
    given: str
    honorific: str = ""


def compose(family: str, given: str, other: str = "", honorific: str = "") -> str:
    """The displayed name.

    Han, kana and Hangul names have the family name first and no space, with a name in another script behind it; all others
    have the given name first. A Thai title is written together with the name, a Chinese one behind it, a Latin one before it.

    Args:
        family: family name, may be empty.
        given: given name, may be empty.
        other: a middle name or a name in another script (`David` of 陳大文).
        honorific: a title to show; left out unless it is given.
    """
    if _is_family_first(family + given):
        return " ".join(part for part in (f"{family}{given}{honorific}", other) if part)
    name = " ".join(part for part in (given, other, family) if part)
    return f"{honorific}{name}" if _THAI.match(honorific) else " ".join(part for part in (honorific, name) if part)


def split(name: str) -> Parts | None:
    """The parts of a name, where its script and title make them certain; otherwise None, and the name stays as it was typed.

    A Thai title says that given name and family name follow. A Chinese title says that what stands before it is a name, whose
    first character is the family name if it is a common one and does not begin a compound one (欧阳, 司馬). Without a title, and in
    any other script, nothing is certain.
    """
    if name.isascii():
        return None
    typed = " ".join(plain(name).split())
    return _split_thai(typed) or _split_chinese(typed)


def _is_family_first(name: str) -> bool:
    return _FAMILY_FIRST.fullmatch(name) is not None


def _split_thai(name: str) -> Parts | None:
    found = _THAI_TITLE.fullmatch(name)
    if found is None or name.startswith(tuple(_NO_THAI_TITLES)) or not _THAI_BEGINNING.match(found[2]):
        return None
    given, _space, family = found[2].partition(" ")
    if " " in family and not family.startswith("ณ "):
        return None
    return Parts(_composed(family), _composed(given), _composed(found[1]))


def _composed(thai: str) -> str:
    """Sara am as one letter, as it is typed; NFKC takes it apart."""
    return thai.replace("\u0e4d\u0e32", "\u0e33")


def _split_chinese(name: str) -> Parts | None:
    found = _CHINESE_TITLE.fullmatch(name)
    if found is None or not _is_family_first(found[1]) or found[1][0] not in _SURNAMES or found[1][:2] in COMPOUND_SURNAMES:
        return None
    return Parts(found[1][0], found[1][1:], found[2])
