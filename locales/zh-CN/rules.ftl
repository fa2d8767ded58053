# 规则、检查类别、例外、结果的名称
rule-ndd-01 = 无扰日检查
rule-dup-01 = 同部门重复检查
rule-dup-02 = 跨部门同事项重复检查
rule-dup-03 = 短期密集检查
rule-frq-01 = 年度频次超限
rule-fil-01 = 提前报备不足
rule-fil-02 = 先查后报
rule-fil-03 = 即时检查逾期补报
rule-fil-04 = 未报备入企
rule-per-01 = 检查人员不足
rule-per-02 = 执法证件无效
rule-sco-02 = 检查未公布事项
rule-exm-01 = 例外依据缺失
rule-tim-01 = 非工作时间检查
rule-low-01 = 低效检查
rule-res-01 = 结果未上传
rule-rec-01 = 两端不一致
rule-prc-01 = 未亮证或未出示通知书
rule-dis-01 = 变相检查
rule-int-01 = 廉洁线索
kind-daily = 日常检查
kind-special = 专项检查
kind-clue = 线索核查
kind-immediate = 即时检查
kind-on-request = 应企业申请核查
kind-service-visit = 服务走访
result-no-problem = 未发现问题
result-corrected-on-site = 当场改正
result-order-to-rectify = 责令整改
result-case-opened = 立案查处
result-other = 其他
exemption-e01 = 安全生产、消防、特种设备险情或事故
exemption-e02 = 生态环境突发事件或应急
exemption-e03 = 食品药品、公共卫生事件
exemption-e04 = 投诉举报核查
exemption-e05 = 上级部署或交办
exemption-e06 = 案件查处
exemption-e07 = 法定时限内必须完成
exemption-e08 = 责令整改复查
exemption-e09 = 应企业申请、许可现场核查
exemption-e10 = 数据监测异常
exemption-e11 = 税务风险应对
exemption-e12 = 区政府专门批准
filing-state-registered = 已报备，待到达
filing-state-arrived = 检查中
filing-state-left = 已离开，待填结果
filing-state-completed = 已完成
filing-state-cancelled = 已取消
filing-state-overdue = 已过计划时间，未到达

rule-no-cap = 不限
rule-text-ndd-01 = 每月 { $ranges } 日为无扰日，除特别规定外不得入企检查。
rule-text-dup-01 = 同一部门对同一企业的同一事项，{ $days } 天内不得重复检查。
rule-text-dup-02 = 不同部门对同一企业的同类事项，{ $days } 天内不得重复检查，应当联合检查。
rule-text-dup-03 = 同一企业每天最多入企 { $day } 次，每周最多 { $week } 次，每月最多 { $month } 次；联合检查算一次。
rule-text-frq-01 = 同一部门每年检查同一企业的次数：信用 A 级 { $a }，B 级 { $b }，C 级 { $c }，D 级 { $d }，未评级 { $other }。
rule-text-fil-01 = 日常检查和专项检查，应当至少提前 { $days } 个工作日报备。
rule-text-fil-02 = 应当先报备、后入企；即时检查除外。
rule-text-fil-03 = 即时检查可以先入企，{ $hours } 小时内补报；超过 { $days } 个工作日的从重。
rule-text-fil-04 = 入企检查应当报备。企业上报后，{ $days } 个工作日内仍没有对应报备的，列为违规。
rule-text-per-01 = 检查人员不得少于 { $min } 名，且证件有效。
rule-text-per-02 = 检查人员应当持有本单位有效的执法证件。
rule-text-sco-02 = 检查事项应当在本单位公布的检查事项清单内。
rule-text-exm-01 = 申明例外的，理由不少于 { $chars } 字，并写明依据编号；紧急情形可在 { $days } 个工作日内补齐。
rule-text-tim-01 = 入企检查应当在工作日 { $from }–{ $to } 进行。
rule-text-low-01 = 同一检查人员 { $days } 天内连续 { $count } 次未发现问题的，不宜再次检查同一企业。
rule-text-res-01 = 检查结束后 { $days } 个工作日内上传检查结果。
rule-text-rec-01 = 企业上报的到达日期、时间（相差 { $minutes } 分钟以内）和人数，应当与报备一致。
rule-text-prc-01 = 入企检查应当主动出示执法证件和检查通知书；即时检查可以不出示通知书。
rule-text-dis-01 = 不得以服务走访、调研等名义变相检查。
rule-text-int-01 = 检查人员不得有“八个不得”所列行为。仅由纪检部门查看。
fact-ndd-01 = { $executed ->
    [yes] 检查时段涉及无扰日：{ $days }。没有可适用的例外。检查人员已到达。
   *[no] 检查时段涉及无扰日：{ $days }。没有可适用的例外。
}
fact-dup-01 = { $agency } 已报备在 { $when }检查同一事项（{ $what }），两次相隔 { $gap } 天，不足 { $limit } 天。
fact-dup-02 = 另一部门 { $agency } 已报备在 { $when }检查同类事项（{ $what }），相隔 { $gap } 天，不足 { $limit } 天。
fact-dup-03 = { $day }的这次入企是当天第 { $rank } 次，此前{ $exceeded }。
fact-dup-day = 当天已有 { $before } 次（上限 { $limit } 次）
fact-dup-week = 本周已有 { $before } 次（上限 { $limit } 次）
fact-dup-month = 本月已有 { $before } 次（上限 { $limit } 次）
fact-frq-01 = 这是 { $agency } { $year } 年对这家企业的第 { $rank } 次检查，按信用等级（{ $class }）每年上限 { $cap } 次。
fact-fil-01 = { $moved ->
    [yes] { $on }改期为 { $first }检查，提前 { $days } 个工作日，要求提前 { $required } 个工作日。
   *[no] { $on }报备 { $first }检查，提前 { $days } 个工作日，要求提前 { $required } 个工作日。
}
fact-fil-02 = { $reported ->
    [yes] { $arrived } 已入企（据企业上报），{ $filed } 才报备。
   *[no] { $arrived } 已入企，{ $filed } 才报备。
}
fact-fil-03 = { $reported ->
    [yes] 即时检查 { $arrived } 入企（据企业上报），{ $filed } 才补报，超过 { $hours } 小时。
   *[no] 即时检查 { $arrived } 入企，{ $filed } 才补报，超过 { $hours } 小时。
}
fact-fil-04 = { $verified ->
    [yes] 企业上报 { $day }有检查人员入企，没有对应的报备；补报期限到 { $until }。上报的企业身份已核实。
   *[no] 企业上报 { $day }有检查人员入企，没有对应的报备；补报期限到 { $until }。上报的企业身份未核实。
}
fact-fil-04-some-day = { $verified ->
    [yes] 企业上报有检查人员入企，哪天不清楚；{ $day }前后没有对应的报备。上报的企业身份已核实。
   *[no] 企业上报有检查人员入企，哪天不清楚；{ $day }前后没有对应的报备。上报的企业身份未核实。
}
fact-per-01 = 报备了 { $named } 名检查人员，证件有效的 { $valid } 名，至少需要 { $min } 名。
fact-per-02 = { $day }检查时，以下检查人员的证件无效：{ $list }。
fact-sco-02 = { $day }检查的事项不在该单位的公布清单内：{ $list }。
fact-exm-01 = 申明了例外“{ $name }”（{ $code }），但{ $missing }。
fact-exm-reason = 理由只有 { $chars } 字，少于 { $min } 字
fact-exm-evidence = 没有填写依据编号
fact-tim-01 = { $executed ->
    [yes] 到达时间是 { $day }{ $time }，{ $working ->
        [yes] 不在工作时间 { $from }–{ $to } 内
       *[no] 不是工作日
    }。
   *[no] 计划开始时间是 { $day }{ $time }，{ $working ->
        [yes] 不在工作时间 { $from }–{ $to } 内
       *[no] 不是工作日
    }。
}
fact-low-01 = 检查人员 { $inspector } 在 { $days } 天内对这家企业最近 { $count } 次检查都未发现问题。
fact-res-01 = { $left ->
    [yes] 检查人员 { $day }离开，结果应在 { $until }前上传，至今没有。
   *[no] 检查计划 { $day }结束，结果应在 { $until }前上传，至今没有。
}
fact-rec-01 = 企业上报与报备不一致：{ $list }。
fact-rec-time = { $arrived ->
    [yes] 报备的到达时间是 { $filing }，企业上报是 { $report }
   *[no] 报备的计划时间是 { $filing }，企业上报的到达时间是 { $report }
}
fact-rec-visitors = 报备 { $filing } 人，企业上报 { $report } 人
fact-prc-01 = { $certificate ->
    [yes] { $notice ->
        [yes] 企业上报：检查人员没有出示执法证件，也没有出示检查通知书。
       *[no] 企业上报：检查人员没有出示执法证件。
    }
   *[no] 企业上报：检查人员没有出示检查通知书。
}
fact-dis-01 = { $service ->
    [yes] 企业称来访是服务走访，但上报了这些做法：{ $list }。
   *[no] 报备为服务走访，但企业上报了这些做法：{ $list }。
}
fact-int-01 = 企业上报涉及“八个不得”第 { $list } 项。
fact-and-more = { $list } 等 { $count } 天
fact-fault = { $what }（{ $fault }）
fault-inspector-unknown = 不在名录
fault-inspector-other-agency = 属于其他单位
fault-inspector-suspended = 暂扣
fault-inspector-not-yet = 尚未生效
fault-inspector-expired = 已过期
fault-matter-unknown = 不在名录
fault-matter-other-agency = 属于其他单位
fault-matter-not-yet = 尚未公布
fault-matter-no-longer = 已停止公布
tick-documents = 要求提供资料
tick-premises = 查看生产经营场所
tick-rectification = 要求整改
tick-form = 要求签字
credit-none = 未评级
agency-unknown = （未知单位）
matter-unknown = （未知事项）
violation-suspected = 疑似
violation-confirmed = 已认定
violation-dismissed = 已排除
violation-cleared = 已消除
evidence-e01 = 事件编号，或现场照片和文字
evidence-e02 = 事件编号，或现场照片和文字
evidence-e03 = 事件编号，或现场照片和文字
evidence-e04 = 投诉编号，不写投诉人
evidence-e05 = 文件编号和发文单位
evidence-e06 = 案件编号
evidence-e07 = 法律、条款和期限
evidence-e08 = 整改通知书编号和到期日
evidence-e09 = 申请编号
evidence-e10 = 监测记录
evidence-e11 = 通知编号
evidence-e12 = 批准文号
