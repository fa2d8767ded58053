# 说明、期限、处理
rule-exp-01 = 逾期未说明
rule-exp-02 = 整改逾期或反复
rule-agg-01 = 单位累计
rule-text-exp-01 = 收到说明要求后，{ $days } 个工作日内说明；可申请延期一次，延长 { $more } 个工作日。逾期满 { $grave } 个工作日的从重，并列入通报。
rule-text-exp-02 = 应当在约定的日期前完成整改，一般为 { $days } 个工作日；关闭后 { $again } 天内同一问题再次被认定的，属于反复。
rule-text-agg-01 = 同一单位 { $days } 天内被认定预警以上 { $yellow } 次的，黄牌；{ $red } 次的，或者未报备入企和逾期未说明各一次的，红牌。
fact-exp-01 = { $answered ->
    [yes] { $asked }要求说明，{ $extended ->
        [yes] 延期后应在 { $due }前说明
       *[no] 应在 { $due }前说明
    }，{ $day }才说明。
   *[no] { $asked }要求说明，{ $extended ->
        [yes] 延期后应在 { $due }前说明
       *[no] 应在 { $due }前说明
    }，没有收到说明。
}
fact-exp-02 = { $passed ->
    [yes] { $closed }关闭，约定 { $due }前完成整改，到期没有复查通过。
   *[no] { $closed }关闭。
}{ $relapsed ->
    [yes] { $again }同一问题再次被认定（{ $days } 天内）。
   *[no] {""}
}
fact-agg-01 = { $card }：{ $agency } 从 { $first }到 { $last }，有 { $count } 条被认定。
card-yellow = 黄牌
card-red = 红牌
mail-what-request = 一项说明要求到期没有说明
mail-what-count = 一个单位被认定的次数达到标准
mail-what-correction = 一项整改逾期或反复
mail-kind-explanation_request = 说明要求
mail-kind-deadline_reminder = 期限提醒
mail-kind-case_notice = 办理通知
mail-state-withdrawn = 决定已撤销，未发送
mail-withdrawn = 决定已撤销，未发送
policy-exp-01-days = 说明工作日
policy-exp-01-extension = 延期工作日
policy-exp-01-grave = 从重工作日
policy-exp-02-days = 整改工作日
policy-exp-02-again = 反复天数
policy-agg-01-days = 累计天数
policy-agg-01-yellow = 黄牌次数
policy-agg-01-red = 红牌次数
event-asked = 要求说明 { $number }
event-seen = 单位打开说明要求
event-answered = 单位作出说明
event-first = 此前的疑似：{ $rule }
event-closed = 关闭
case-request = 说明要求
case-sent = 发出
case-due = 说明期限
case-extension = 延期
case-replied = 说明时间
case-closed-at = 关闭时间
case-follow-up-on = 整改期限
extension-none = 未申请
extension-asked = 已申请，待决定
extension-granted = 已同意
extension-refused = 未同意
audit-violation-exempted = 认可例外
audit-violation-accepted = 采纳并关闭
audit-violation-corrected = 责令整改
audit-violation-followed-up = 复查整改
audit-violation-circulated = 通报
audit-violation-transferred = 转办
audit-violation-reopened = 重新处理
audit-violation-undone = 撤销决定
