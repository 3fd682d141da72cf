"""Addresses: every part goes into its own field where the text leaves no doubt, and stays in the text where it does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renmai.kernel.cleansing.addresses import PARTS, is_valid, tidy

ORDER = ("lines", "district", "city", "region", "postcode", "country")


def parts(home: str, **address: str) -> str:
    """What an address comes to, with a stroke between its parts, as they are ordered above."""
    found = tidy(address, home)
    return "|".join(found.get(part, "") for part in ORDER)


@pytest.mark.parametrize(
    ("country", "lines", "came_to"),
    [
        ("TH", "123/4 ถ.พญาไท แขวงปทุมวัน เขตปทุมวัน กทม. 10330", "123/4 ถ.พญาไท|ปทุมวัน|ปทุมวัน|กรุงเทพมหานคร|10330|TH"),
        ("TH", "๑๒๓ ถนนสุเทพ ต.สุเทพ อ.เมือง จ.เชียงใหม่ ๕๐๒๐๐", "๑๒๓ ถนนสุเทพ|สุเทพ|เมืองเชียงใหม่|เชียงใหม่|50200|TH"),
        ("TH", "99 หมู่ 2 ต.บางพลีใหญ่อ.บางพลีจ.สมุทรปราการ10540 ประเทศไทย", "99 หมู่ 2|บางพลีใหญ่|บางพลี|สมุทรปราการ|10540|TH"),
        ("TH", "9 เขตอุตสาหกรรม ตำบลบ้านกลาง อำเภอเมืองลำพูน ลำพูน 51000", "9 เขตอุตสาหกรรม|บ้านกลาง|เมืองลำพูน|ลำพูน|51000|TH"),
        ("TH", "99 Rama I Rd, Pathum Wan, Bangkok 10330, Thailand", "99 Rama I Rd, Pathum Wan|||Bangkok|10330|TH"),
        ("TH", "ซ.7 ถนนเพชรบุรี", "ซ.7 ถนนเพชรบุรี|||||"),
        ("TH", "โทร 12345", "โทร 12345|||||"),
        ("CN", "广东省深圳市南山区科技园南区１２号 518057", "科技园南区12号|南山区|深圳市|广东省|518057|CN"),
        ("CN", "518057 中国广东 深圳市 南山区科技园", "科技园|南山区|深圳市|广东省|518057|CN"),
        ("CN", "深圳市南山区科技园", "科技园|南山区|深圳市|广东省||CN"),
        ("CN", "上海市浦东新区张江路1号（邮编：201203）", "张江路1号|浦东新区|上海市|上海市|201203|CN"),
        ("CN", "新疆乌鲁木齐市天山区光明路", "光明路|天山区|乌鲁木齐市|新疆维吾尔自治区||CN"),
        ("CN", "(((((((((((((((((((((((((((((((((((((((((1", "(((((((((((((((((((((((((((((((((((((((((1|||||"),
        ("CN", "北京东路668号", "北京东路668号|||||"),
        ("CN", "朝阳区建国路", "朝阳区建国路|||||"),
        ("TW", "106台北市大安區忠孝東路四段1號", "忠孝東路四段1號|大安區|臺北市|臺北市|106|TW"),
        ("TW", "台灣新竹縣竹北市光明六路10號", "光明六路10號||竹北市|新竹縣||TW"),
        ("TW", "中山北路二段100號", "中山北路二段100號|||||"),
        ("HK", "香港九龍尖沙咀彌敦道100號", "彌敦道100號|尖沙咀||九龍||HK"),
        ("HK", "九龍佐敦道23號", "佐敦道23號|||九龍||HK"),
        ("HK", "香港仔黃竹坑道", "黃竹坑道|香港仔||香港島||HK"),
        ("HK", "5/F, 100 Nathan Road, Tsim Sha Tsui, Kowloon, Hong Kong", "5/F, 100 Nathan Road|Tsim Sha Tsui||Kowloon||HK"),
        ("GB", "1 Infinite Loop, Cupertino, USA", "1 Infinite Loop, Cupertino|||||US"),
        ("US", "1 Peachtree St, Atlanta, Georgia", "1 Peachtree St, Atlanta, Georgia|||||"),
    ],
)
def test_an_address_in_one_text_comes_into_its_parts(country: str, lines: str, came_to: str) -> None:
    assert parts(country, lines=lines) == came_to


@pytest.mark.parametrize(
    ("country", "address", "came_to"),
    [
        ("TH", {"lines": "1 แขวงลุมพินี เขตปทุมวัน", "city": "กรุงเทพฯ", "region": "กทม."}, "1|ลุมพินี|ปทุมวัน|กรุงเทพมหานคร||TH"),
        ("TH", {"lines": "1 ถ.สุขุมวิท กรุงเทพฯ 10110", "region": "จ.ชลบุรี"}, "1 ถ.สุขุมวิท กรุงเทพฯ 10110|||ชลบุรี||"),
        ("CN", {"lines": "福田区深南大道1号", "city": "深圳市", "region": "广东省"}, "深南大道1号|福田区|深圳市|广东省||CN"),
        ("CN", {"lines": "上海市黄浦区南京路1号", "city": "上海"}, "南京路1号|黄浦区|上海市|上海市||CN"),
        ("TW", {"lines": "10002 臺北市中正區1號", "postcode": "100-02", "city": "台北市"}, "1號|中正區|臺北市|臺北市|10002|TW"),
        ("HK", {"lines": "1號", "postcode": "999077", "country": "HK"}, "1號|||||HK"),
        ("TH", {"lines": "10 Downing  Street", "postcode": "sw1a 2aa", "country": "GB"}, "10 Downing Street||||SW1A 2AA|GB"),
    ],
)
def test_what_a_field_holds_is_not_written_over(country: str, address: dict[str, str], came_to: str) -> None:
    assert parts(country, **address) == came_to


@pytest.mark.parametrize(
    ("code", "country", "holds"),
    [("10330", "TH", True), ("1033", "TH", False), ("518057", "CN", True), ("106", "TW", True), ("1234", "TW", False), ("x", "", True)],
)
def test_a_postcode_has_the_form_of_its_country(code: str, country: str, holds: bool) -> None:
    assert is_valid({"postcode": code}, country) is holds


THAI = ["ต.สุเทพ", "อ.เมือง", "จ.เชียงใหม่", "กทม.", "เขตปทุมวัน", "แขวงลุมพินี", "50200"]
CHINESE = ["广东省", "深圳市", "南山区", "518057", "中国", "台北市", "大安區", "106", "九龍", "尖沙咀", "香港"]
WORDS = st.sampled_from([*THAI, *CHINESE, "12/3", ",", "\n"])


@pytest.mark.property
@settings(max_examples=60)
@given(st.lists(WORDS, max_size=7), st.sampled_from([" ", "", ", "]), st.sampled_from(["TH", "CN", "TW", "HK", "GB"]))
def test_a_tidy_address_stays_as_it_is(words: list[str], between: str, country: str) -> None:
    found = tidy({"lines": between.join(words)}, country)
    assert found.keys() <= PARTS and tidy(found, country) == found
