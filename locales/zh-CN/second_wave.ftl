# 第二批规则：名称、规则说明、事实句，以及批准、专项材料、辅助人员、实际检查事项
rule-jnt-02 = 联合后又单独入企
rule-ndd-02 = 例外比例异常
rule-frq-02 = 有因检查过频
rule-frq-03 = 企业总负担
rule-fil-05 = 未经批准
rule-fil-07 = 专项未批准备案
rule-fil-08 = 报而不查
rule-per-03 = 检查人数过多
rule-per-04 = 无证人员单独入企
rule-sco-01 = 超范围检查
rule-sco-03 = 越权异地检查
rule-tim-02 = 检查超时
rule-prc-02 = 未扫码签到
rule-eva-01 = 差评集中
rule-ret-01 = 疑似打击报复
rule-text-jnt-02 = 约定联合检查的单位应当同日到达，且不晚于首个到达单位 { $minutes } 分钟。
rule-text-ndd-02 = 同一单位当月在无扰日以例外名义实施的检查达到 { $min } 次，且超过全部检查的 { $percent }% 的，列为异常。
rule-text-frq-02 = 同一部门对同一企业的有因检查，{ $days } 天内不超过 { $max } 次；同一投诉编号不超过 { $complaint } 次。
rule-text-frq-03 = 同一企业全年入企达到 { $visits } 次（联合算一次，服务走访算半次），或当月检查达到 { $persons } 人次的，提示统筹协调，不归责任何单位。
rule-text-fil-05 = 除即时检查外，入企前应当经单位负责人批准，批准人不得是本次检查人员；{ $days } 个工作日内仍未录入批准信息的从重。
rule-text-fil-07 = 专项检查应当有批准文号、备案号和公示链接。
rule-text-fil-08 = 计划结束 { $hours } 小时后既未到达也未取消的，提示单位处理；同一单位一个季度内第 { $count } 次起列出。
rule-text-per-03 = 一次检查不超过 { $max } 人，联合检查合计不超过 { $joint } 人（含辅助人员）。
rule-text-per-04 = 辅助人员不得单独入企，应当由持有效执法证件的人员带队。
rule-text-sco-01 = 实际检查的事项应当与报备的事项一致。
rule-text-sco-03 = 检查应当在本单位的管辖镇街内进行；上级交办、区政府批准和联合检查除外。
rule-text-tim-02 = 离开时间不晚于计划结束后 { $minutes } 分钟，在企时间不超过 { $hours } 小时。
rule-text-prc-02 = 企业确认检查人员到过、单位却没有签到的，{ $days } 天内第 { $count } 次起列出。据以列出的企业上报和评价不告知单位。
rule-text-eva-01 = { $days } 天内至少 { $count } 份评价的平均分低于 { $mean } 分，或有一份出现最低分。评价不告知单位。
rule-text-ret-01 = 企业作出不利上报或评价后 { $days } 天内，同一单位或其上下级又报备检查该企业，且不属于突发事件或外部投诉。仅由纪检部门查看。
fact-jnt-02 = 联合检查“{ $group }”由 { $agency } 于 { $first } 首先到达，本单位 { $arrived } 才到达；要求同日且相差不超过 { $minutes } 分钟。
fact-ndd-02 = 该单位 { $month } 月已实施检查 { $executed } 次，其中 { $exempt } 次以例外名义在无扰日进行，超过 { $percent }%。
fact-frq-02 = 这是 { $agency } 在 { $days } 天内对这家企业的第 { $rank } 次有因检查，上限 { $max } 次。
fact-frq-02-complaint = 这是 { $agency } 以同一投诉编号（{ $number }）对这家企业的第 { $rank } 次检查，上限 { $max } 次。
fact-frq-03-visits = 加上这次，{ $year } 年入企已达 { $reached } 次（提示线 { $limit } 次）。请统筹协调，不归责任何单位。
fact-frq-03-persons = 加上这次，{ $month } 月检查已达 { $reached } 人次（提示线 { $limit } 人次）。请统筹协调，不归责任何单位。
fact-fil-05-missing = { $reported ->
    [yes] 检查人员 { $arrived } 到达（据企业上报），没有录入单位负责人的批准。录入期限到 { $until }。
   *[no] 检查人员 { $arrived } 到达，没有录入单位负责人的批准。录入期限到 { $until }。
}
fact-fil-05-late = { $reported ->
    [yes] 检查人员 { $arrived } 到达（据企业上报），{ $approver } { $approved } 才批准。
   *[no] 检查人员 { $arrived } 到达，{ $approver } { $approved } 才批准。
}
fact-fil-05-own = 批准人 { $approver } 是本次检查人员。
fact-fil-07 = 专项检查没有填写：{ $list }。
fact-fil-08 = 计划 { $end } 结束，{ $hours } 小时后既没有到达也没有取消。这是该单位自 { $quarter } 起的本季度第 { $rank } 次。
fact-per-03 = { $joint ->
    [yes] 联合检查合计 { $people } 人，上限 { $max } 人。
   *[no] 本次检查 { $people } 人（含辅助人员），上限 { $max } 人。
}
fact-per-04 = 有 { $assistants } 名辅助人员入企；报备的 { $officers } 名执法人员中没有证件有效的。
fact-sco-01 = { $reported ->
    [yes] 实际检查了没有报备的事项：{ $list }（含企业上报的事项）。
   *[no] 检查结果中有没有报备的事项：{ $list }。
}
fact-sco-03 = 企业在 { $town }，不在该单位的管辖镇街内（{ $areas }）。
fact-tim-02 = { $left } 离开，{ $list }。
fact-tim-02-late = 比计划结束时间 { $end } 晚 { $over } 分钟（允许 { $minutes } 分钟）
fact-tim-02-long = 在企 { $stayed } 分钟（不超过 { $hours } 小时）
fact-prc-02 = { $reported ->
    [yes] 企业上报 { $day }有检查人员到过，单位没有签到。这是第 { $rank } 次。
   *[no] 企业确认检查人员到过，单位没有签到（{ $day }）。这是第 { $rank } 次。
}
fact-eva-01 = 该单位最近 { $days } 天收到 { $ratings } 份评价，平均 { $mean } 分（满分 5 分）。
fact-eva-01-worst = 企业对这次检查的评价中有最低分。该单位最近 { $days } 天收到 { $ratings } 份评价，平均 { $mean } 分。
fact-ret-01 = { $reported ->
    [yes] 企业 { $day }对 { $agency } 作出不利上报，{ $days } 天后同一单位或其上下级又报备检查。
   *[no] 企业 { $day }对 { $agency } 作出不利评价，{ $days } 天后同一单位或其上下级又报备检查。
}
remedy-fil-05 = 请补录单位负责人的批准；批准时间应当早于到达时间。
remedy-fil-07 = 请补填批准文号、备案号和公示链接。
remedy-per-03 = 请减少人员；联合检查请与其他单位商定人数。
remedy-per-04 = 请增加持有效执法证件的人员。
remedy-sco-03 = 如系上级交办，请申明例外并写明文件编号；或与属地单位联合检查。
papers-title = 批准与专项材料
papers-lead = 单位负责人的批准，入企前取得；可以在到达后补录。
papers-lead-special = 单位负责人的批准，以及专项检查的批准、备案和公示。
papers-special = 专项检查的材料
papers-special-hint = 只有专项检查需要填写。
papers-send = 保存
field-approval = 批准
field-approver = 批准人姓名（选填）
field-approver-position = 批准人职务（选填）
field-approved-at = 批准时间（选填）
field-approval-document = 批准单编号（选填）
field-special-document = 专项检查批准文号
field-special-reference = 专项检查备案号
field-special-link = 公示链接
inspected-title = 实际检查的事项与报备不同？
inspected-hint = 请勾选实际检查过的事项。
inspected-filed = 已报备
assistant-named = { $name }（辅助）

# 计划时间已过，问一问去了没有
overdue-ask = 计划的时间已过，还没有登记到场。
overdue-ask-do = 去过了，请登记到场；没有去，请取消。只是询问，不算违规。
overdue-ask-count = { $count } 次检查的时间已过，还没有登记到场。请打开后登记到场或者取消。
overdue-ask-liaison = 近 30 天有 { $count } 次报备过了时间没有登记到场，请提醒检查人员登记到场或者取消。
papers-by-head = { $approval }（负责人登录批准）
err-approver-by-head = 单位负责人已经登录批准，不能在这里更改。刷新页面即可看到。
