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
