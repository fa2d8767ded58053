//! What finding an enterprise among 100,000 costs: `cargo bench --bench search`; with `MASHANG_BENCH_DATABASE_URL=postgres://…` (an empty
//! database) on PostgreSQL.
//!
//! A file of 100,000 made-up enterprises is taken over as an operator does it, signs and index with it. Then 200 requests a second arrive at
//! the page that answers while somebody types, evenly, whether or not earlier ones are answered: what somebody waits counts from when the
//! request should have been sent. Words are those that a scan likes least: what nearly every name has, one character, two
//! letters, nothing at all. `MASHANG_BENCH_ENTERPRISES` makes the registry smaller for a quick look.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use chrono::{DateTime, Utc};
use mashang::actions::import_registry::{Import, Limits, Registry, import_registry};
use mashang::actions::{Actor, Service, Settings};
use mashang::app::App;
use mashang::clock::Clock;
use mashang::domain::credit_code::{CreditCode, CreditCodeError};
use mashang::domain::day::Zone;
use mashang::ids::Ids;
use mashang::jobs::index_enterprises;
use mashang::storage::Db;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use tower::ServiceExt as _;

/// Requests a second, and how many for each word.
const RATE: u32 = 200;
const EACH: u32 = 400;

const BRANDS: &str =
    "长华新远恒宏中天金安永泰兴盛德信嘉瑞鑫宇博海江川山水龙凤云星光明达通利丰源润东南西北春秋正和合众联创科智";
const TRADES: [&str; 24] = [
    "商贸",
    "机械制造",
    "精密仪器",
    "电子科技",
    "建筑工程",
    "食品",
    "餐饮管理",
    "物流",
    "汽车配件",
    "新材料",
    "化工",
    "医药",
    "家具",
    "服饰",
    "装饰设计",
    "环保工程",
    "信息技术",
    "农业发展",
    "印务",
    "模具",
    "电气设备",
    "物业管理",
    "文化传媒",
    "五金",
];
const TOWNS: [&str; 13] = [
    "陶家镇",
    "二郎街道",
    "杨家坪街道",
    "石桥铺街道",
    "西彭镇",
    "白市驿镇",
    "走马镇",
    "含谷镇",
    "金凤镇",
    "铜罐驿镇",
    "石板镇",
    "巴福镇",
    "华岩镇",
];
const TAGS: [&str; 5] = ["", "规模以上工业", "高新技术", "专精特新", "科技型中小"];

/// What is typed.
const WORDS: [&str; 16] = [
    "公司",
    "有限公司",
    "重庆",
    "长",
    "机械",
    "长华",
    "长华商贸",
    "gs",
    "cqch",
    "cq",
    "changhua",
    "chongqing",
    "石杨路1",
    "00123",
    "zqxj",
    "没有这一家",
];

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let many = std::env::var("MASHANG_BENCH_ENTERPRISES").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir()?;
    let db = match std::env::var("MASHANG_BENCH_DATABASE_URL") {
        Ok(url) => Db::open(&url).await?,
        Err(_) => Db::open_sqlite(&folder.path().join("bench.db")).await?,
    };
    println!("{:?}, {many} enterprises", db.backend());
    let settings = Settings {
        public_url: "http://bench.invalid".to_owned(),
        district: "青禾区".to_owned(),
        hotline: String::new(),
        mail_from: "mashang@bench.invalid".to_owned(),
        zone: Zone::SHANGHAI,
        contact_key: [0; 32],
        also_hosts: Vec::new(),
    };
    let app = App { db, service: Service::new(Ids::Random, settings), clock: Clock::System };
    enter(&app, &file(many)?).await?;
    let mut all = Vec::new();
    for words in WORDS {
        let mut times = ask(&app, words).await?;
        println!("{words:12} {}", percentiles(&mut times));
        all.extend(times);
    }
    println!("all          {}", percentiles(&mut all));
    app.db.close().await;
    Ok(())
}

/// The file that an office hands over.
fn file(many: u32) -> Result<String, Failure> {
    let brands: Vec<char> = BRANDS.chars().collect();
    let pick = |n: usize| brands[n % brands.len()];
    let mut file = String::from("企业名称,统一社会信用代码,镇街,地址,行业代码,信用等级,重点企业类别,联系邮箱\n");
    for n in 0..many {
        let at = usize::try_from(n)?;
        let brand = [pick(at), pick(at / brands.len()), pick(at / 7)];
        let name: String = brand.iter().take(2 + at % 2).collect();
        let (trade, town) = (TRADES[(at / 13) % TRADES.len()], TOWNS[at % TOWNS.len()]);
        let (class, tag) = (["A", "B", "C", "D", ""][at % 5], TAGS[(at / 3) % TAGS.len()]);
        writeln!(
            file,
            "重庆{name}{trade}有限公司,{},{town},重庆市九龙坡区{town}石杨路{}号,C34,{class},{tag},",
            code(n)?,
            at % 700 + 1
        )?;
    }
    Ok(file)
}

/// The n-th credit code of a division that does not exist.
fn code(n: u32) -> Result<String, Failure> {
    let stem = format!("91509901MA{:07}", 1_000_003 + u64::from(n) * 83);
    match CreditCode::parse(&format!("{stem}0")) {
        Ok(code) => Ok(code.as_str().to_owned()),
        Err(CreditCodeError::Check { expected, .. }) => Ok(format!("{stem}{expected}")),
        Err(error) => Err(format!("{error:?}").into()),
    }
}

async fn enter(app: &App, file: &str) -> Result<(), Failure> {
    let import = Import {
        registry: Registry::Enterprises,
        name: "",
        bytes: file.as_bytes(),
        limits: Limits::COMMAND,
        skip_bad: false,
        dry_run: false,
    };
    let begin = Instant::now();
    let now: DateTime<Utc> = app.clock.now();
    let done = import_registry(&app.db, &app.service, now, &Actor::System, &import).await?;
    app.db.tidy().await;
    let taken = begin.elapsed();
    let summary = done.map_err(|problem| format!("{problem:?}"))?;
    println!("import of {} new enterprises: {taken:.1?}", summary.new);
    let begin = Instant::now();
    let left = index_enterprises(app).await?;
    println!("indexing {left} that were left: {:.1?}", begin.elapsed());
    Ok(())
}

/// Asks `EACH` times, evenly, and returns how long each waited.
async fn ask(app: &App, words: &str) -> Result<Vec<Duration>, Failure> {
    let router = mashang::web::router(app.clone());
    let query: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
    let begin = Instant::now();
    let mut asked = Vec::new();
    for n in 0..EACH {
        let due = begin + Duration::from_secs(1) * n / RATE;
        tokio::time::sleep_until(due.into()).await;
        let request =
            Request::get(format!("/go/suggest?q={query}")).header("host", "bench.invalid").body(Body::empty())?;
        let router = router.clone();
        asked.push(tokio::spawn(async move {
            let answer = match router.oneshot(request).await {
                Ok(answer) => answer,
                Err(never) => match never {},
            };
            let status = answer.status();
            let body = to_bytes(answer.into_body(), 1 << 20).await.map(|body| body.len());
            (due.elapsed(), status, body)
        }));
    }
    let mut times = Vec::new();
    for answer in asked {
        let (time, status, body) = answer.await?;
        if !status.is_success() || body? == 0 {
            return Err(format!("{words}: {status}").into());
        }
        times.push(time);
    }
    Ok(times)
}

fn percentiles(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    format!("p50 {:5.1} ms, p95 {:5.1} ms, p99 {:5.1} ms, most {:5.1} ms", at(50), at(95), at(99), at(100))
}
