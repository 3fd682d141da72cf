"""A small company in three scripts: each query finds just those records that a person would expect."""

from __future__ import annotations

import pytest

from renmai.kernel.search.text import lexemes, parse

RECORDS: dict[str, list[tuple[str, str]]] = {
    "wang-wei": [("text", "王伟"), ("text", "华为技术有限公司"), ("email", "wei.wang@huawei.example"), ("phone", "+8613800138000")],
    "wang-weiming": [("text", "王伟明"), ("text", "重庆银行"), ("email", "wwm@bank.example"), ("phone", "+8613922225678")],
    "wang-fang": [("text", "王芳"), ("text", "上海医药"), ("phone", "+862162345678")],
    "zeng-li": [("text", "曾丽"), ("text", "厦门航空"), ("phone", "+8618600001111")],
    "ouyang": [("text", "欧阳修"), ("text", "西安交通大学")],
    "chen-dawen": [("text", "陳大文 David"), ("text", "台灣積體電路"), ("email", "david.chan@tsmc.example"), ("phone", "+886912345678")],
    "lin-zhiling": [("text", "林志玲"), ("text", "華為雲服務"), ("phone", "+886223456789")],
    "lu-bu": [("text", "吕布"), ("text", "绿城集团")],
    "somchai": [("text", "สมชาย ใจดี"), ("text", "บริษัท น้ำทิพย์การค้า จำกัด"), ("email", "somchai@namthip.example"), ("phone", "+66812345678")],
    "somying": [("text", "สมหญิง รักไทย"), ("text", "บริษัท แก้วใสขนส่ง จำกัด"), ("phone", "+66898765432")],
    "wichai": [("text", "วิชัย ชัยมงคล"), ("text", "โรงพยาบาลกรุงเทพ")],
    "call": [("text", "ลูกค้ากำลังรอใบเสนอราคา"), ("long_text", "เขากำลังกินข้าวกลางวันกับคุณวิชัย และจะโทรกลับปี ๒๕๖๙")],
    "smith": [("text", "John Smith"), ("text", "Blackwell & Sons Ltd"), ("email", "j.smith@blackwell.example"), ("phone", "+14155550199")],
    "smythe": [("text", "Joanna Smythe"), ("text", "Acme Systems"), ("email", "jo@acme.example")],
    "muller": [("text", "Jürgen Müller"), ("text", "Straßenbau GmbH"), ("email", "mueller@bau.example")],
    "obrien": [("text", "Siobhán O’Brien"), ("text", "Łódź Logistics")],
    "order": [("text", "GTX Pro 2569"), ("text", "Acme Systems")],
}

EXPECTED: dict[str, set[str]] = {
    # Chinese
    "王伟": {"wang-wei", "wang-weiming"},
    "王偉": {"wang-wei", "wang-weiming"},
    "伟明": {"wang-weiming"},
    "王": {"wang-wei", "wang-weiming", "wang-fang"},
    "wangwei": {"wang-wei", "wang-weiming"},
    "wangweiming": {"wang-weiming"},
    "wang fang": {"wang-fang"},
    "wf": {"wang-fang"},
    "华为": {"wang-wei", "lin-zhiling"},
    "華為": {"wang-wei", "lin-zhiling"},
    "huawei jishu": {"wang-wei"},
    "hwyfw": {"lin-zhiling"},
    "chongqing": {"wang-weiming"},
    "yinhang": {"wang-weiming"},
    "xiamen": {"zeng-li"},
    "zengli": {"zeng-li"},
    "xian": {"ouyang", "wang-wei"},  # 西安, and 限 of 有限公司
    "欧阳": {"ouyang"},
    "歐陽": {"ouyang"},
    "大文": {"chen-dawen"},
    "陈大文": {"chen-dawen"},
    "台湾": {"chen-dawen"},
    "積體電路": {"chen-dawen"},
    "林志玲 华为": {"lin-zhiling"},
    "lvbu": {"lu-bu"},
    "lucheng": {"lu-bu"},
    # Thai
    "สมชาย": {"somchai"},
    "สม": {"somchai", "somying"},
    "ชัย": {"wichai", "call"},
    "น้ำ": {"somchai"},
    "น\u0e4d\u0e49า": {"somchai"},
    "การค้า": {"somchai"},
    "เเก้ว": {"somying"},
    "ขนส่ง": {"somying"},
    "กรุงเทพ": {"wichai"},
    "กินข้าว": {"call"},
    "ใบเสนอราคา": {"call"},
    "วิชัย": {"wichai", "call"},
    "บริษัท": {"somchai", "somying"},
    "ใจดี สมชาย": {"somchai"},
    # Alphabets, addresses, numbers
    "smith": {"smith"},
    "smi": {"smith"},
    "mith john": {"smith"},
    "blackwell": {"smith"},
    "acme": {"smythe", "order"},
    "muller": {"muller"},
    "Müller": {"muller"},
    "mueller": {"muller"},
    "strassenbau": {"muller"},
    "o'brien": {"obrien"},
    "obrien": {"obrien"},
    "siobhan": {"obrien"},
    "lodz": {"obrien"},
    "david.chan": {"chen-dawen"},
    "wei.wang@huawei.example": {"wang-wei"},
    "amthi": {"somchai"},
    "0199": {"smith"},
    "5678": {"wang-weiming", "wang-fang", "chen-dawen", "somchai"},
    "081-234-5678": {"somchai"},
    "0912 345 678": {"chen-dawen"},
    "13800138000": {"wang-wei"},
    "2569": {"order", "call"},
    "๒๕๖๙": {"order", "call"},
    "ｇｔｘ": {"order"},
}


@pytest.mark.parametrize("text", EXPECTED)
def test_a_query_finds_what_a_person_expects_and_nothing_else(text: str) -> None:
    term = parse(text)
    assert term is not None
    assert {name for name, values in RECORDS.items() if term.found_in(set(lexemes(values)))} == EXPECTED[text]
