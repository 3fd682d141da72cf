"""The catalogues of all languages are complete, ask for the same values as the code, and keep to their own script."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from opencc import OpenCC

ROOT = Path(__file__).parents[1]
LANGUAGES = ["en", "zh_Hans", "zh_Hant", "th"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
SAME_IN_EVERY_LANGUAGE = {"API", "CSV", "ID", "JSON", "Renmai", "URL", "Webhook", "XLSX"}
NOT_SAID_IN_TAIWAN = {
    "默認": "預設",
    "數據": "資料",
    "用戶": "使用者",
    "文件": "檔案",
    "軟件": "軟體",
    "視頻": "影片",
    "信息": "資訊、訊息",
    "網絡": "網路",
    "服務器": "伺服器",
    "登錄": "登入",
    "保存": "儲存",
    "搜索": "搜尋",
    "導入": "匯入",
    "導出": "匯出",
    "菜單": "選單",
    "字段": "欄位",
    "質量": "品質",
    "程序": "程式",
    "回收站": "資源回收筒",
    "賬號": "帳號",
    "打印": "列印",
    "創建": "建立",
}


@cache
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def wanted() -> Any:
    return tool().extracted(ROOT)


@cache
def catalogue(language: str) -> Any:
    return tool().read(language, ROOT)


def texts(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return list(value) if isinstance(value, (tuple, list)) else [value or ""]


def translations(language: str) -> list[tuple[Any, str]]:
    """Every message with each of its translations."""
    return [(message, text) for message in tool().messages(catalogue(language)) for text in texts(message.string)]


def keys(messages: Any) -> set[tuple[str, str]]:
    return {(message.context or "", texts(message.id)[0]) for message in tool().messages(messages)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_has_every_message_and_no_other(language: str) -> None:
    """When this fails, run `make messages` and translate what is new."""
    assert keys(catalogue(language)) == keys(wanted())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_and_none_is_fuzzy(language: str) -> None:
    assert [message.id for message, text in translations(language) if not text.strip() or message.fuzzy] == []


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant", "th"])
def test_no_message_is_left_in_english(language: str) -> None:
    left = [
        text
        for message, text in translations(language)
        if text in texts(message.id) and re.search("[A-Za-z]{2}", PLACEHOLDER.sub("", text))
    ]
    assert set(left) <= SAME_IN_EVERY_LANGUAGE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_asks_for_the_values_of_its_message(language: str) -> None:
    wrong = [
        (message.id, text)
        for message, text in translations(language)
        if all(sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(source)) for source in texts(message.id))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_compiles(language: str) -> None:
    """Where a language has one form for all numbers, it can only ask for what the English singular asks for too."""
    assert [(message.id, str(error)) for message, errors in catalogue(language).check() for error in errors] == []


@pytest.mark.parametrize(
    ("language", "conversion", "standard", "last"),
    [("zh_Hans", "t2s", "gb2312", b"\xff\xff"), ("zh_Hant", "s2t", "big5", b"\xc6\x7e")],
)
def test_chinese_keeps_to_its_script(language: str, conversion: str, standard: str, last: bytes) -> None:
    """A character is foreign when OpenCC would convert it and the script's standard (GB 2312, Big5 level 1) lacks it.

    The standard decides on characters that both scripts use, such as 后, 里 and 乾.
    """
    converter = OpenCC(conversion)

    def foreign(character: str) -> bool:
        code = character.encode(standard, "ignore")
        return converter.convert(character) != character and not (code and code <= last)

    wrong = {(text, character) for _message, text in translations(language) for character in text if foreign(character)}
    assert wrong == set()


def test_traditional_chinese_speaks_as_in_taiwan() -> None:
    wrong = [(text, word, said) for _message, text in translations("zh_Hant") for word, said in NOT_SAID_IN_TAIWAN.items() if word in text]
    assert wrong == []


@pytest.mark.parametrize(("language", "quotes"), [("zh_Hans", "「」"), ("zh_Hant", "“”")])
def test_quotation_marks_are_those_of_the_place(language: str, quotes: str) -> None:
    assert [text for _message, text in translations(language) if set(quotes) & set(text)] == []


def test_bringing_a_catalogue_up_to_date_keeps_what_is_translated(tmp_path: Path) -> None:
    (tmp_path / "babel.cfg").write_text("[python: **.py]\n", encoding="utf-8")
    (tmp_path / "renmai").mkdir()
    code = tmp_path / "renmai" / "words.py"
    code.write_text('_("Lead")\n_("Gone")\nngettext("%(n)s row", "%(n)s rows", n)\n', encoding="utf-8")
    for language in LANGUAGES:
        tool().update(language, tool().extracted(tmp_path), tmp_path)
    path = tool().path_of("th", tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('msgid "Lead"\nmsgstr ""', 'msgid "Lead"\nmsgstr "ลีด"'), encoding="utf-8")
    code.write_text('_("Lead")\n_("New")\n', encoding="utf-8")
    assert tool().update("th", tool().extracted(tmp_path), tmp_path) == 1
    assert {message.id: message.string for message in tool().messages(tool().read("th", tmp_path))} == {"Lead": "ลีด", "New": ""}
    assert {message.id: message.string for message in tool().messages(tool().read("en", tmp_path))}["Lead"] == "Lead"
