# 码牌版面上印的字
sheet-word-enterprise = 企业码
sheet-word-agency = 单位码
sheet-word-blank = 空白码
sheet-band-enterprise = 企业码 · 入企检查先扫码
sheet-band-agency = 单位码 · 检查单位内部使用
sheet-band-blank = 空白码 · 绑定后使用
sheet-purpose-enterprise = 检查人员进门前扫码报备；企业扫码核对来人、上报入企
sheet-purpose-agency = 本单位检查人员扫码登录、报备；不在企业张贴
sheet-purpose-blank = 由工作人员现场扫码，绑定到单位后才能使用
sheet-short-purpose-enterprise = 入企检查扫码报备
sheet-short-purpose-agency = 本单位人员扫码报备
sheet-short-purpose-blank = 现场扫码绑定后使用
sheet-name-blank = 单位名称：
sheet-free = 本码不收费、不下载、不要验证码
sheet-free-short = 本码不收费、不要验证码
sheet-typed = 扫不了时，打开 { $host } 输入上面的编号；手机上显示的网址应当一致
sheet-hotline = 监督电话 { $number }
sheet-number = No. { $serial } · 第 { $edition } 版
sheet-issued = 制发日期 { $date }
sheet-ruler = 打印时选择 100%（实际大小），此尺长 50 毫米
sheet-cover-title = 码牌清单
sheet-cover-count = 共 { $count } 张
sheet-cover-towns = 各镇街（按投递顺序）
sheet-cover-no-town = 未注明镇街
sheet-cover-town = { $count } 张 · 第 { $pages } 页
sheet-cover-more = 其余 { $towns } 个镇街
sheet-cover-note = 打印时选择 100%（实际大小），不要选“适合页面”。每一张都已经解码核对。本页不张贴。
sheet-cover-note-label = 本页用普通纸打印，标签纸从第 2 页开始放。打印时选择 100%（实际大小），不要选“适合页面”。每一张都已经解码核对。

# 版面种类
sheet-kind-a4_poster = A4 门贴
sheet-kind-a5_stand = A5 台签
sheet-kind-a6_card = A6 卡片（一页四张）
sheet-kind-label_70x50 = 标签 70×50 毫米（一页 15 枚）
sheet-kind-label_60x50 = 标签 60×50 毫米（一页 15 枚）
sheet-kind-label_l7160 = 标签 L7160，63.5×38.1 毫米（一页 21 枚）

# 打样核对的结果
sheet-fault = 码牌 { $serial }（{ $name }）没有通过打样核对：{ $why }
sheet-fault-character = 字库里没有“{ $detail }”这个字，请在名录里更正后重做
sheet-fault-too-long = 网址太长，装不进二维码
sheet-fault-drawing = 版面里有无法核对的绘图指令（{ $detail }）
sheet-fault-quiet = 二维码四周的空白里有别的东西
sheet-fault-unreadable = 二维码解不出来
sheet-fault-link = 二维码解出来的不是这块码牌的网址
sheet-fault-words = 版面上印不全“{ $detail }”
sheet-none = 没有符合条件的码牌
sheet-too-many = 一次最多 { $most } 张，现在有 { $count } 张。请按镇街分批制作。
