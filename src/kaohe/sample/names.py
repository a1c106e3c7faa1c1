"""Names for an invented company: people, and what their platform sub-accounts are called.

Every name is put together from the lists below; nobody is meant.
"""

from __future__ import annotations

from kaohe.sample.drawing import Draws

ACCOUNT_PREFIX = "西溪茶具"
SYSTEM_ACCOUNT = "系统"

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
_GIVEN_SIGNS = (
    "晓燕思雨婷婷海霞丽娟雅琴春梅静怡梦洁佳慧雪莹玉兰秋月小芹文静欣然若溪慧敏巧云月华"
    "志强建国文博海涛俊杰宇航子轩明辉立新少华永康国栋浩然振宇家豪晨曦学文润泽承志向东"
    "佩玲淑珍凤仪锦绣可欣语嫣心怡美琳翠萍红梅金凤素芬彩虹嘉怡诗涵若兰安琪依依采薇念慈"
    "启明伟民仲平培元守信德厚一凡天佑景行修远致和松年柏林泽楷鸿飞云帆书恒清源望舒长河"
)
_GIVEN = [_GIVEN_SIGNS[place : place + 2] for place in range(0, len(_GIVEN_SIGNS), 2)]
_NICK_STARTS = "小阿云青若"
_NICK_ENDS = "雨晴禾竹兰茗泉石溪柚梨桃杏麦米豆果叶花草云月星风雪霜露岚舟帆桥瓷陶壶盏杯匙香墨砚笺琴棋弦歌燕鹤鹿鱼蝉满芒夏秋冬暖宁安乐"


def draw_names(draws: Draws, count: int) -> list[str]:
    """That many different names of people."""
    room = len(_SURNAMES) * len(_GIVEN)
    if count > room:
        raise ValueError(f"there are names for {room} people, not for {count}")
    places = (divmod(int(place), len(_GIVEN)) for place in draws.order(room)[:count])
    return [_SURNAMES[surname] + _GIVEN[given] for surname, given in places]


def name_account(number: int) -> str:
    """The sub-account of that number: 西溪茶具:小雨 is the first."""
    start, end = divmod(number, len(_NICK_ENDS))
    lap, start = divmod(start, len(_NICK_STARTS))
    return f"{ACCOUNT_PREFIX}:{_NICK_STARTS[start]}{_NICK_ENDS[end]}{lap + 1 if lap else ''}"
