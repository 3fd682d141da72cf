"""How Han characters are read, and which typed letters could be such a reading."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

MAX_LETTERS = 24
MAX_SYLLABLES = 12
MAX_READINGS = 4
MAX_INITIALS = 8

_FIRST_HAN, _LAST_HAN = 0x3400, 0x9FFF
_LONGEST_SYLLABLE = 6
_INITIALS = frozenset("abcdefghjklmnopqrstwxyz")
_ENTRY = re.compile(r'"(\d+)": *"([^",]+)')
_UMLAUT = str.maketrans(dict.fromkeys("üǖǘǚǜ", "v"))

# Characters with several readings in names, places and companies; the usual one first.
_SEVERAL = """
阿a/e 艾ai/yi 柏bai/bo 薄bo/bao 堡bao/bu/pu 卜bu/bo 便bian/pian 扁bian/pian 泊bo/po 参can/shen 藏cang/zang 曾zeng/ceng
查cha/zha 差cha/chai 禅chan/shan 单dan/shan/chan 长chang/zhang 朝chao/zhao 称cheng/chen 澄cheng/deng 晟sheng/cheng
盛sheng/cheng 重chong/zhong 种zhong/chong 仇qiu/chou 传chuan/zhuan 弹dan/tan 调diao/tiao 都du/dou 度du/duo 恶e/wu
番fan/pan 繁fan/po 佛fo/fu 盖gai/ge 给gei/ji 贾jia/gu 莞guan/wan 炅jiong/gui 蛤ge/ha 还huan/hai 行hang/xing 黑hei/he
会hui/kuai 浒hu/xu 伽jia/ga/qie 茄qie/jia 降jiang/xiang 角jiao/jue 校xiao/jiao 解jie/xie 劲jin/jing 靓liang/jing
桔ju/jie 觉jue/jiao 隽jun/juan 圈quan/juan 卡ka/qia 壳ke/qiao 隗wei/kui 乐le/yue 勒le/lei 了liao/le 陆lu/liu 露lu/lou
六liu/lu 率lv/shuai 绿lv/lu 吕lv/lu/lyu 闾lv/lu 旅lv/lu 律lv/lu 女nv/nu/nyu 纶lun/guan 漯luo/ta 蔓man/wan 没mei/mo
秘mi/bi 缪miao/mou/miu 模mo/mu 牟mou/mu 粘nian/zhan 区qu/ou 屏ping/bing 朴pu/piao 俟qi/si 奇qi/ji 纤xian/qian 铅qian/yan
茜qian/xi 覃qin/tan 塞sai/se 厦xia/sha 莘shen/xin 什shi/shen 省sheng/xing 似si/shi 属shu/zhu 说shuo/shui/yue 宿su/xiu
拓tuo/ta 洞dong/tong 圩wei/xu 尉wei/yu 蔚wei/yu 系xi/ji 吓xia/he 血xue/xie 荥xing/ying 削xue/xiao 叶ye/xie 员yuan/yun
约yue/yao 仔zai/zi 择ze/zhai 扎zha/za 翟zhai/di 着zhe/zhuo/zhao 折zhe/she 召zhao/shao 祭ji/zhai 著zhu/zhuo 琢zhuo/zuo
柞zuo/zha 蚌bang/beng 臭chou/xiu 畜chu/xu 钥yao/yue 脉mai/mo 颈jing/geng 辟pi/bi 否fou/pi 槛kan/jian 镐hao/gao 俞yu/shu
乜nie/mie 呗bei/bai 辗zhan/nian 徵zheng/zhi 蹊xi/qi 呢ne/ni
"""


class Guess(NamedTuple):
    """What typed letters could be: the beginning of one syllable, of several, or the initials of a name."""

    syllable: bool
    joined: bool
    initials: bool


class Table(NamedTuple):
    """The usual reading of every character of the two common blocks, and the rest of what is known about readings."""

    syllables: tuple[str, ...]
    usual: array[int]
    several: dict[str, tuple[str, ...]]
    beginnings: frozenset[str]


@lru_cache(maxsize=8_192)
def readings(character: str) -> tuple[str, ...]:
    """Readings without tones, the usual one first, `v` for `ü`; empty for what is no known Han character."""
    table = _table()
    if character in table.several:
        return table.several[character]
    code = ord(character)
    usual = table.usual[code - _FIRST_HAN] if _FIRST_HAN <= code <= _LAST_HAN else 0
    return (table.syllables[usual],) if usual else ()


def joined(run: str) -> list[str]:
    """A run of Han characters as it is typed in one word, at most 24 letters: 重庆 gives `chongqing` and `zhongqing`."""
    return _spelled([readings(character) for character in run[:MAX_SYLLABLES]], MAX_LETTERS)


def initials(run: str) -> list[str]:
    """The first letters of the first eight characters: 王伟 gives `ww`."""
    return _spelled([_heads(readings(character)) for character in run[:MAX_INITIALS]], MAX_INITIALS)


def from_each(run: str) -> Iterator[tuple[list[str], list[str]]]:
    """Joined pinyin and initials of a run from each of its characters but the last to its end."""
    syllables = [readings(character) for character in run]
    heads = [_heads(several) for several in syllables]
    for start in range(len(run) - 1):
        yield _spelled(syllables[start : start + MAX_SYLLABLES], MAX_LETTERS), _spelled(heads[start : start + MAX_INITIALS], MAX_INITIALS)


@lru_cache(maxsize=1_024)
def _heads(several: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reading[0] for reading in several))


def guess(typed: str) -> Guess:
    """Which kinds of pinyin typed lower-case letters could be; a whole syllable counts as several only if it also divides (`xian`)."""
    if not (typed.isascii() and typed.isalpha()) or len(typed) > MAX_LETTERS:
        return Guess(syllable=False, joined=False, initials=False)
    one = typed in _table().beginnings
    several = _divides(typed, whole=one)
    return Guess(syllable=one, joined=several, initials=2 <= len(typed) <= MAX_INITIALS and _INITIALS.issuperset(typed))


def _spelled(choices: list[tuple[str, ...]], limit: int) -> list[str]:
    if choices and max(map(len, choices)) == 1:
        return ["".join([reading for choice in choices for reading in choice])[:limit]]
    spelled = [""]
    for choice in choices:
        if len(spelled[0]) >= limit:
            break
        spelled = [start + end for start in spelled for end in choice][:MAX_READINGS] if choice else spelled
    return [word[:limit] for word in spelled]


def _divides(typed: str, *, whole: bool) -> bool:
    """Whether the letters are two syllables or more, the last of which may be unfinished unless `whole` is asked."""
    table = _table()
    syllables, last = frozenset(table.syllables), frozenset(table.syllables) if whole else table.beginnings
    reached = {0}
    for start in range(len(typed)):
        if start in reached:
            reached |= {end for end in range(start + 1, min(start + _LONGEST_SYLLABLE, len(typed)) + 1) if typed[start:end] in syllables}
    return any(typed[start:] in last for start in reached - {0, len(typed)})


def _without_tone(reading: str) -> str:
    decomposed = unicodedata.normalize("NFD", reading.translate(_UMLAUT))
    return "".join(letter for letter in decomposed if letter.isascii())


@cache
def _table() -> Table:
    """Read pypinyin's table of characters, without importing its dictionary of phrases, which costs 50 MB."""
    spec = find_spec("pypinyin")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pypinyin is not installed")
    data = (Path(spec.origin).parent / "pinyin_dict.json").read_text(encoding="utf-8")
    numbers: dict[str, int] = {"": 0}
    usual = array("H", bytes(2 * (_LAST_HAN - _FIRST_HAN + 1)))
    for entry in _ENTRY.finditer(data):
        if _FIRST_HAN <= (code := int(entry[1])) <= _LAST_HAN:
            usual[code - _FIRST_HAN] = numbers.setdefault(_without_tone(entry[2]), len(numbers))
    syllables = tuple(numbers)
    beginnings = frozenset(syllable[:end] for syllable in syllables for end in range(1, len(syllable) + 1))
    return Table(syllables, usual, _several(), beginnings)


def _several() -> dict[str, tuple[str, ...]]:
    return {entry[0]: tuple(entry[1:].split("/")) for entry in _SEVERAL.split()}
