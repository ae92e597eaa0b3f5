"""The tables behind `names`: characters for the same word, readings of surnames, readings in given names.

Kept apart because they are data that somebody who knows the language reads and corrects line by line.
"""

from collections.abc import Mapping

Readings = tuple[str, ...]

# The older or regional form first, the one on today's cards second. Only pairs that no registrar would
# treat as two different names: 英/瑛, 娥/蛾, 昇/升 and 喆/哲 are different.
_SAME_WORD = """
雲云 蘭兰 峯峰 鳳凤 華华 國国 麗丽 蓮莲 貴贵 發发 陽阳 張张 陳陈 楊杨 劉刘 黃黄 趙赵 吳吴 孫孙 馬马 鄧邓 許许
謝谢 鄭郑 馮冯 龍龙 賀贺 龔龚 羅罗 葉叶 蘇苏 蔣蒋 鍾钟 鐘钟 譚谭 滿满 賈贾 鄒邹 陸陆 嚴严 韓韩 歐欧 盧卢 蕭萧
覺觉 錢钱 飛飞 鵬鹏 鶴鹤 龜龟 慶庆 傑杰 偉伟 義义 愛爱 蘊蕴 聖圣 東东 書书 長长 壽寿 銀银 鳴鸣 順顺 貞贞 賢贤
園园 榮荣 興兴 維维 綠绿 紅红 緣缘 細细 經经 繼继 紹绍 純纯 綺绮 綱纲 錦锦 鋼钢 鐵铁 鎮镇 銘铭 開开 間间 關关
雙双 靈灵 靜静 頌颂 顏颜 願愿 風风 餘余 駿骏 鮮鲜 鴻鸿 鶯莺 麥麦 齊齐 齡龄 來来 倫伦 儀仪 億亿 優优 勝胜 勳勋
勲勋 勛勋 勞劳 勵励 區区 單单 啓启 啟启 喬乔 堅坚 報报 場场 塵尘 夢梦 奮奋 媽妈 嬌娇 學学 寧宁 寶宝 寳宝 實实
將将 島岛 嶺岭 嵐岚 嶽岳 師师 帶带 廣广 彥彦 後后 從从 徳德 愷恺 應应 懷怀 憲宪 戰战 揚扬 擁拥 時时 晉晋 曉晓
會会 樂乐 楓枫 樹树 橋桥 權权 歡欢 歲岁 歷历 氣气 澤泽 潔洁 濤涛 濟济 瀾澜 煥焕 煒炜 燈灯 燦灿 爾尔 犧牺 獻献
環环 現现 瑋玮 瑤瑶 瓊琼 畫画 異异 當当 監监 盤盘 眾众 衆众 確确 祿禄 禎祯 禮礼 種种 穎颖 穩稳 節节 築筑 簡简
粵粤 羣群 習习 聯联 聰聪 聲声 莊庄 萬万 葦苇 蓋盖 蔭荫 薈荟 藝艺 蘆芦 處处 號号 補补 裡里 裏里 褘祎 親亲 計计
訓训 記记 設设 詠咏 詩诗 誌志 誠诚 語语 課课 調调 諒谅 論论 諸诸 諾诺 謙谦 識识 譜谱 護护 讓让 讚赞 豐丰 財财
貢贡 費费 資资 賓宾 質质 贊赞 軍军 軒轩 輔辅 輝辉 煇辉 輪轮 農农 運运 達达 遠远 適适 選选 遼辽 鄉乡 醫医 釗钊
鈞钧 鈴铃 鋒锋 錄录 鎖锁 鏡镜 陰阴 際际 隨随 電电 霽霁 韋韦 韻韵 領领 頤颐 顯显 養养 騰腾 驊骅 魯鲁 鳥鸟 黨党
點点 叄三 弍二 弌一 珎珍 巖岩 嵒岩 朶朵 秊年 亱夜 嶌岛 愼慎 眞真 淸清 靑青 內内 兪俞 說说 硏研 靭韧 稅税 戶户
冊册 産产 產产 呂吕 緑绿 録录 値值 悅悦 敎教 歩步 並并 丟丢 侖仑 兎兔 髙高 僊仙 姸妍 郞郎
"""

# How a character is read as a surname, where that is not its usual reading; several where families differ.
_SURNAMES = """
单 shan|覃 qin tan|仇 qiu|区 ou|解 xie|查 zha|曾 zeng|朴 piao|盖 ge gai|召 shao|种 chong|员 yun|黑 he|乜 nie
缪 miao|洗 xian|尉 wei yu|乐 yue le|牟 mou mu|翟 zhai di|车 che|秘 bi mi|祭 zhai|折 she zhe|隗 wei kui
郇 xun huan|谌 chen shen|佴 nai|繁 po|句 gou|阚 kan|能 nai|石 shi|卜 bu|郗 xi chi|宓 mi fu|都 du|行 xing
强 qiang|粘 nian|盛 sheng|乘 sheng|长 zhang|重 chong|大 da|朝 chao|藏 zang|莘 shen xin|晟 cheng|适 kuo shi
参 shen
"""

_COMPOUND_SURNAMES = """
尉迟 yu chi|万俟 mo qi|单于 chan yu|长孙 zhang sun|澹台 tan tai|宰父 zai fu|亓官 qi guan|令狐 ling hu
皇甫 huang fu|宇文 yu wen|鲜于 xian yu|闾丘 lv qiu|夏侯 xia hou|欧阳 ou yang|诸葛 zhu ge|上官 shang guan
司马 si ma|慕容 mu rong
"""

# Characters read in more than one way, or in an unusual way, in given names and names of villages.
_GIVEN = """
乐 le yue|长 chang zhang|行 xing hang|朝 chao zhao|曾 zeng ceng|茜 qian xi|娜 na nuo|重 chong zhong|朴 pu piao
盛 sheng cheng|传 chuan zhuan|柏 bai bo|泊 bo po|藏 cang zang|都 du dou|单 dan shan|降 jiang xiang
省 sheng xing|晟 sheng cheng|菀 wan yu|莘 xin shen|屏 ping bing|强 qiang jiang|调 diao tiao|弹 dan tan
觉 jue jiao|校 xiao jiao|解 jie xie|仔 zai zi|佛 fo|宿 su xiu|杉 shan sha
种 zhong chong|荨 xun qian|车 che ju|钥 yue yao|隽 jun juan|露 lu lou|颉 jie xie|率 shuai lv
浚 jun xun|着 zhuo|绿 lv lu|薄 bo|角 jiao jue|说 shuo yue|还 huan|鹄 hu gu|六 liu lu|垌 dong tong|圩 xu wei
堡 bao pu bu
"""


def _table(text: str) -> dict[str, Readings]:
    rows = (row.split() for line in text.splitlines() for row in line.split("|") if row.strip())
    return {row[0]: tuple(row[1:]) for row in rows}


VARIANTS: Mapping[str, str] = {pair[0]: pair[1] for line in _SAME_WORD.splitlines() for pair in line.split()}
SURNAMES: Mapping[str, Readings] = _table(_SURNAMES)
COMPOUND_SURNAMES: Mapping[str, Readings] = _table(_COMPOUND_SURNAMES)
GIVEN: Mapping[str, Readings] = _table(_GIVEN)
