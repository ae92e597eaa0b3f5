"""Names of the generation born 1917 to 1965 in Hunan, and the mistakes that hands and ears make with them.

Shares are the author's estimate (a few surnames carry most of the people; given names follow a steep curve),
not a published table. Wrong characters are listed here by hand, apart from anything the matcher knows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Characters:
    """Characters (as code points) with the share of each."""

    chars: NDArray[np.uint32]
    shares: NDArray[np.float64]


def _points(text: str) -> NDArray[np.uint32]:
    return np.array([ord(c) for c in text], dtype=np.uint32)


def _steep(text: str, exponent: float) -> Characters:
    weight = 1.0 / np.arange(2, len(text) + 2) ** exponent
    return Characters(_points(text), weight / weight.sum())


_surnames = _steep(
    "张李杨刘王陈向黄吴周曾邓唐胡彭罗龙谭肖田石舒谢米杜滕朱瞿丁梁蒋贺易何郭钟袁邹姚蒲覃麻潘宋"
    "徐孙马林高郑许韩冯于董萧程曹沈傅卢苏叶吕魏戴夏方汪余文付尹段雷侯龚邱白武莫欧毛江史顾熊孟秦"
    "阳粟补明伍沅储佘廖粱单翟储全莫宁严申卜聂匡隆禹",
    0.95,
)
SURNAMES, SURNAME_SHARES = _surnames.chars, _surnames.shares
MEN = (
    _steep("国建志文德明光正玉金永长世家友祖昌学家绍先开代宏显清大生自本宗承启均克运荣远才吉松万春成福再兴伯仲廷", 0.8),
    _steep("华明生清林云平国兴文成军武强春发祥才德元山福忠贵辉江荣全根和财求喜安良初庭松寿旺保民海亮益高田禄", 0.75),
)
WOMEN = (
    _steep("秀桂玉春金兰冬翠凤银满月菊美素淑爱梅莲珍香云秋花小细友运先芝水青腊长元红庆喜良仁贵", 0.85),
    _steep("英兰珍莲香秀云梅华芳娥妹凤容娇玉花桃姣连姑群芝芬清元菊贞青珠琴翠爱仙平枝青春满", 0.85),
)

MADE_UP_DAYS = np.array([101, 1001, 815, 501, 701, 1010, 615, 303])
MADE_UP_SHARES = np.array([0.5, 0.12, 0.1, 0.08, 0.06, 0.05, 0.05, 0.04])

# Sound alike in Mandarin: what a clerk writes who only heard the name.
HOMOPHONES = [
    "秀绣琇", "英瑛莺樱", "兰蓝岚", "珍真贞", "莲连廉", "玉毓育钰", "桂贵", "云芸耘", "梅玫眉", "凤奉", "翠粹",
    "建健剑", "国帼", "华桦骅", "志治智致", "文雯", "明铭鸣", "德得", "光广", "正政证", "金今", "永勇咏", "长常",
    "世仕士", "家佳加嘉", "友有", "祖组", "昌倡", "学雪", "绍少", "先仙鲜", "开凯", "清青卿", "生升声", "林临霖",
    "平萍", "兴星", "成诚城", "军均君", "武伍五", "强墙", "春椿", "发法", "祥详翔", "才财材", "元圆源", "山衫", "福幅",
    "忠中钟", "辉晖徽", "江姜", "荣蓉容", "全权泉", "和河合", "求球", "喜禧", "安鞍", "良粮", "庭廷亭", "娥鹅", "姣娇",
    "芝枝之", "芬分", "芳方", "菊局", "月悦", "冬东", "银吟", "满曼", "美镁", "素诉", "淑叔", "爱艾", "香湘乡", "花华",
    "小晓", "红洪宏", "庆磬", "仁人", "肖萧", "付傅", "余于", "邱丘", "张章", "舒书", "龙隆", "谭潭", "向项", "罗骆"
]  # fmt: skip
# Sound alike in the local dialect only (n/l, h/f, -n/-ng, flat and curled s).
DIALECT = [
    "兰南",
    "莲年",
    "华发",
    "凤鸿",
    "英音因",
    "清亲",
    "生森",
    "平贫",
    "长藏",
    "真争",
    "黄王",
    "胡符",
    "陈程",
    "林宁",
    "金京",
]
# Look alike, or struck wrongly in a handwriting or shape keyboard.
SHAPES = [
    "珍诊",
    "桂挂佳",
    "未末",
    "清请情",
    "梅海",
    "玉王",
    "云去",
    "冬各",
    "田由",
    "友发",
    "才木",
    "先失",
    "昌冒",
    "兴共",
    "元无",
    "文又",
    "良艮",
]
# The same character in another dress: traditional forms and variants.
VARIANTS = [
    "国國", "华華", "兰蘭", "凤鳳", "龙龍", "云雲", "刘劉", "张張", "陈陳", "杨楊", "吴吳", "邓鄧",
    "钟鍾", "罗羅", "谭譚", "马馬", "万萬", "贵貴", "荣榮", "财財", "银銀", "满滿", "爱愛", "莲蓮",
    "长長", "寿壽", "远遠", "运運", "庆慶", "兴興", "发發", "军軍", "强強彊", "辉輝煇", "群羣", "秀秐",
    "绍紹", "启啟啓", "显顯", "学學", "贞貞", "娇嬌", "姣嬌", "娥娿", "吕呂", "邹鄒", "贺賀", "蒋蔣",
    "肖萧蕭", "叶葉", "滕籐", "瞿翟", "梁樑粱", "宁寧甯", "戴载", "于於",
]  # fmt: skip
