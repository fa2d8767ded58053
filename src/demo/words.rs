//! Names of the made-up district: 江州市青禾区 is nowhere.

/// Name of the district.
pub const DISTRICT: &str = "青禾区";

/// The office's telephone number; 0 exchanges are never given out.
pub const HOTLINE: &str = "099-0000 1234";

/// An agency and its published matters.
pub struct AgencyWords {
    /// Name without the district.
    pub name: &'static str,
    /// Usual short name.
    pub short: &'static str,
    /// Which one of [`AGENCIES`] it belongs to.
    pub parent: Option<usize>,
    /// How many inspectors it has.
    pub inspectors: usize,
    /// How often it files, compared with the others.
    pub weight: usize,
    /// Name, group and legal basis of each matter.
    pub matters: &'static [(&'static str, &'static str, &'static str)],
}

const fn agency(
    name: &'static str,
    short: &'static str,
    inspectors: usize,
    weight: usize,
    matters: &'static [(&'static str, &'static str, &'static str)],
) -> AgencyWords {
    AgencyWords { name, short, parent: None, inspectors, weight, matters }
}

/// The agencies. The first one is where the demonstration's inspector and liaison work.
pub const AGENCIES: &[AgencyWords] = &[
    agency(
        "应急管理局",
        "应急管理",
        6,
        5,
        &[
            ("安全生产责任制落实情况检查", "安全生产责任制", "《中华人民共和国安全生产法》第六十五条"),
            ("危险化学品储存使用安全检查", "危化品储存", "《危险化学品安全管理条例》第七条"),
            ("有限空间作业安全检查", "有限空间", "《中华人民共和国安全生产法》第六十五条"),
        ],
    ),
    agency(
        "消防救援支队",
        "消防救援",
        6,
        5,
        &[
            ("消防通道和安全出口检查", "消防通道", "《中华人民共和国消防法》第五十三条"),
            ("消防设施维护保养检查", "消防设施", "《中华人民共和国消防法》第五十三条"),
        ],
    ),
    agency(
        "市场监督管理局",
        "市场监管",
        7,
        6,
        &[
            ("食品生产经营安全检查", "食品安全", "《中华人民共和国食品安全法》第一百一十条"),
            ("特种设备使用安全检查", "特种设备", "《中华人民共和国特种设备安全法》第五十七条"),
            ("产品质量监督检查", "产品质量", "《中华人民共和国产品质量法》第十五条"),
            ("广告和价格行为检查", "", "《中华人民共和国价格法》第三十三条"),
        ],
    ),
    agency(
        "生态环境局",
        "生态环境",
        5,
        4,
        &[
            ("污染防治设施运行情况检查", "污染治理设施", "《中华人民共和国环境保护法》第二十四条"),
            ("危险废物管理情况检查", "危险废物", "《中华人民共和国固体废物污染环境防治法》第二十六条"),
        ],
    ),
    agency(
        "卫生健康委员会",
        "卫生健康",
        4,
        3,
        &[
            ("职业病防治情况检查", "职业健康", "《中华人民共和国职业病防治法》第六十二条"),
            ("公共场所卫生检查", "公共卫生", "《公共场所卫生管理条例》第十条"),
        ],
    ),
    agency(
        "住房和城乡建设委员会",
        "住房城建",
        5,
        3,
        &[
            ("建筑工地安全文明施工检查", "安全生产责任制", "《建设工程安全生产管理条例》第四十三条"),
            ("燃气使用安全检查", "燃气安全", "《城镇燃气管理条例》第四十一条"),
        ],
    ),
    agency(
        "城市管理局",
        "城市管理",
        4,
        2,
        &[
            ("餐厨垃圾处置检查", "", "《城市生活垃圾管理办法》第三十条"),
            ("户外招牌设施安全检查", "", "《城市市容和环境卫生管理条例》第十一条"),
        ],
    ),
    agency(
        "农业农村委员会",
        "农业农村",
        4,
        1,
        &[("农产品质量安全检查", "食品安全", "《中华人民共和国农产品质量安全法》第五十三条")],
    ),
    agency(
        "交通运输委员会",
        "交通运输",
        4,
        2,
        &[
            ("道路货物运输企业安全检查", "安全生产责任制", "《中华人民共和国道路运输条例》第五十七条"),
            ("汽车维修经营检查", "", "《机动车维修管理规定》第四十四条"),
        ],
    ),
    agency(
        "人力资源和社会保障局",
        "人力社保",
        4,
        2,
        &[
            ("用人单位工资支付情况检查", "用工", "《保障农民工工资支付条例》第三十八条"),
            ("劳动用工和社会保险检查", "用工", "《劳动保障监察条例》第十条"),
        ],
    ),
    agency("文化和旅游委员会", "文化旅游", 3, 1, &[("娱乐场所经营检查", "消防通道", "《娱乐场所管理条例》第三条")]),
    agency("税务局", "税务", 4, 1, &[("发票使用情况检查", "", "《中华人民共和国发票管理办法》第三十条")]),
    AgencyWords {
        name: "市场监督管理局柳林所",
        short: "市监柳林所",
        parent: Some(2),
        inspectors: 4,
        weight: 2,
        matters: &[],
    },
];

/// Family names of inspectors.
pub const FAMILY: &[&str] = &[
    "陈", "王", "李", "张", "刘", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "林", "郭", "何", "高",
    "罗",
];

/// Given names of inspectors.
pub const GIVEN: &[&str] = &[
    "思远", "晓雯", "建国", "丽华", "志强", "雨桐", "明辉", "春燕", "文博", "静怡", "海涛", "秀兰", "子轩", "佳琪",
    "国栋", "梦洁", "永刚", "红梅", "俊杰", "诗涵",
];

/// Towns and street offices.
pub const TOWNS: &[&str] = &["柳林街道", "渡口街道", "石榴街道", "东岭街道", "铜铃街道", "青云镇", "白鹤镇", "杨柳镇"];

/// Streets.
pub const STREETS: &[&str] = &["兴业路", "滨河路", "青禾大道", "望江路", "科创二路", "石桥路", "新风街", "和平巷"];

/// First parts of enterprise names.
pub const BRANDS: &[&str] = &[
    "长岭", "华岩", "瑞泽", "江岸", "天和", "鼎盛", "宏远", "金桥", "恒信", "佳禾", "星海", "永固", "博雅", "盛世",
    "百川", "嘉源", "凌云", "同创", "新田", "启航",
];

/// Second parts of enterprise names, with the industry's code.
pub const TRADES: &[(&str, &str)] = &[
    ("精密机械制造有限公司", "C34"),
    ("商贸有限公司", "F51"),
    ("食品有限公司", "C14"),
    ("餐饮管理有限公司", "H62"),
    ("汽车零部件有限公司", "C36"),
    ("建筑材料有限公司", "C30"),
    ("物流有限公司", "G54"),
    ("铝业有限公司", "C32"),
    ("化工涂料有限公司", "C26"),
    ("超市连锁有限公司", "F52"),
];

/// Reasons that a supervisor gave to dismiss.
pub const DISMISSALS: &[&str] = &[
    "经核实，该次检查为上级部门统一部署，已补交文件。",
    "同一检查组分两次录入，属误报。",
    "企业书面确认为主动邀请，不作重复检查处理。",
    "经电话核实，实际改在允许日期进行，系统时间登记有误。",
];

/// Reasons that a supervisor gave to confirm.
pub const CONFIRMATIONS: &[&str] =
    &["经核实情况属实，已约谈分管负责人。", "事实清楚，转该单位整改。", "检查未经批准，责令说明并纳入通报。"];

/// What enterprises wrote.
pub const REPORTS: &[&str] = &[
    "来了两位同志，看了车间和台账，大约一个小时。",
    "说是例行检查，没有提前通知，要求下周交一份材料。",
    "检查很规范，出示了证件和通知书。",
    "当天老板不在，前台接待的，来人没有说清楚是哪个科室。",
    "问了员工合同的事，拍了几张照片就走了。",
];
