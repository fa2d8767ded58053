//! Who else vouches for users: flags, and which belong together.

use super::{ConfigError, Result, Store};
use crate::identity::{Demands, Oidc, Provider, Providers, Secret, WeCom, ZwDingTalk};
use crate::outgoing::{self, Http};
use clap::Args;
use url::Url;

/// Signing in through others.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Signing in through others")]
pub struct SignInArgs {
    /// OpenID Connect: the issuer, exactly as it writes itself, such as <https://id.example.gov.cn/realms/district>
    #[arg(long, value_name = "URL", env = "MASHANG_OIDC_ISSUER")]
    pub oidc_issuer: Option<String>,
    /// The id of this site at the issuer
    #[arg(long, value_name = "ID", env = "MASHANG_OIDC_CLIENT_ID")]
    pub oidc_client_id: Option<String>,
    /// File with the secret of this site at the issuer
    #[arg(long, value_name = "FILE", env = "MASHANG_OIDC_CLIENT_SECRET_PATH")]
    pub oidc_client_secret_path: Option<String>,
    /// What the button calls it [default: 统一身份认证]
    #[arg(long, value_name = "NAME", env = "MASHANG_OIDC_NAME")]
    pub oidc_name: Option<String>,
    /// Whether what stands for a password before a dangerous act must be proved anew to the issuer [default: no]
    #[arg(long, value_name = "yes|no", env = "MASHANG_OIDC_ANEW")]
    pub oidc_anew: Option<String>,
    /// Strengths (acr) of which a sign-in must have one, the most wanted first, with spaces between
    #[arg(long, value_name = "ACR…", env = "MASHANG_OIDC_ACR")]
    pub oidc_acr: Option<String>,
    /// Means (amr) of which a sign-in must have used one, with spaces between, such as "mfa otp hwk"
    #[arg(long, value_name = "AMR…", env = "MASHANG_OIDC_AMR")]
    pub oidc_amr: Option<String>,
    /// 企业微信: the id of the corporation
    #[arg(long, value_name = "ID", env = "MASHANG_WECOM_CORP_ID")]
    pub wecom_corp_id: Option<String>,
    /// The id of the application (AgentId)
    #[arg(long, value_name = "ID", env = "MASHANG_WECOM_AGENT_ID")]
    pub wecom_agent_id: Option<String>,
    /// File with the secret of the application
    #[arg(long, value_name = "FILE", env = "MASHANG_WECOM_SECRET_PATH")]
    pub wecom_secret_path: Option<String>,
    /// Address of its sign-in page [default: <https://login.work.weixin.qq.com>]
    #[arg(long, value_name = "URL", env = "MASHANG_WECOM_LOGIN_URL")]
    pub wecom_login_url: Option<String>,
    /// Address of its interface [default: <https://qyapi.weixin.qq.com>]
    #[arg(long, value_name = "URL", env = "MASHANG_WECOM_API_URL")]
    pub wecom_api_url: Option<String>,
    /// 政务钉钉: the identifier of the application (应用标识)
    #[arg(long, value_name = "ID", env = "MASHANG_ZWDINGTALK_CLIENT_ID")]
    pub zwdingtalk_client_id: Option<String>,
    /// The key of the application (App Key)
    #[arg(long, value_name = "KEY", env = "MASHANG_ZWDINGTALK_APP_KEY")]
    pub zwdingtalk_app_key: Option<String>,
    /// File with the secret of the application (App Secret)
    #[arg(long, value_name = "FILE", env = "MASHANG_ZWDINGTALK_APP_SECRET_PATH")]
    pub zwdingtalk_app_secret_path: Option<String>,
    /// Address of the platform's sign-in page, such as <https://login-pro.ding.zj.gov.cn>: each province has its own
    #[arg(long, value_name = "URL", env = "MASHANG_ZWDINGTALK_LOGIN_URL")]
    pub zwdingtalk_login_url: Option<String>,
    /// Address of the open platform, such as <https://openplatform-pro.ding.zj.gov.cn>
    #[arg(long, value_name = "URL", env = "MASHANG_ZWDINGTALK_API_URL")]
    pub zwdingtalk_api_url: Option<String>,
    /// PEM file of further root certificates for these servers
    #[arg(long, value_name = "FILE", env = "MASHANG_SIGN_IN_CA")]
    pub sign_in_ca: Option<String>,
}

/// A setting by its flag.
type Set = (&'static str, Option<String>);

/// The values of settings that belong together: all of `needed`, or none of them and none of the `others`.
fn group<const N: usize>(needed: [Set; N], others: &[Set]) -> Result<Option<[String; N]>> {
    if needed.iter().chain(others).all(|(_, value)| value.is_none()) {
        return Ok(None);
    }
    let flags: Vec<&str> = needed.iter().map(|(flag, _)| *flag).collect();
    if let Some((flag, _)) = needed.iter().find(|(_, value)| value.is_none()) {
        let together = flags.join(", ");
        return Err(ConfigError(format!("{flag} is missing: {together} are given together, or none of them")));
    }
    Ok(Some(needed.map(|(_, value)| value.unwrap_or_default())))
}

/// An address of https, or of this machine, without a path to lose.
fn address(flag: &str, text: &str) -> Result<Url> {
    let fit = outgoing::address(text).filter(|url| url.query().is_none() && url.fragment().is_none());
    fit.ok_or_else(|| ConfigError(format!("{flag}: {text:?} is no https address such as https://id.example.gov.cn")))
}

/// Whether a setting says yes; it need not be given.
fn yes(flag: &str, text: Option<&str>) -> Result<bool> {
    match text {
        None | Some("no") => Ok(false),
        Some("yes") => Ok(true),
        Some(other) => Err(ConfigError(format!("{flag}: {other:?} is neither yes nor no"))),
    }
}

fn words(text: Option<String>) -> Vec<String> {
    text.unwrap_or_default().split_whitespace().map(ToOwned::to_owned).collect()
}

/// The secret in a file.
fn secret(flag: &str, path: &str) -> Result<Secret> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| ConfigError(format!("{flag}: {path} cannot be read: {e}; check that this user may read it")))?;
    let text = text.trim();
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_graphic()) {
        return Err(ConfigError(format!("{flag}: {path} holds no secret: one line of letters, digits and signs")));
    }
    Ok(Secret(text.to_owned()))
}

impl Store {
    /// Who else vouches for users.
    ///
    /// # Errors
    /// When a setting is missing beside others, cannot be used, or a file cannot be read.
    pub fn providers(&self, args: &SignInArgs) -> Result<Providers> {
        let get = |name, given: &Option<String>| self.sources.get(name, given.as_deref());
        let http = match get("MASHANG_SIGN_IN_CA", &args.sign_in_ca)? {
            Some(path) => {
                let wrong = |e: &dyn std::fmt::Display| ConfigError(format!("--sign-in-ca: {path}: {e}"));
                Http::trusting(&std::fs::read(&path).map_err(|e| wrong(&e))?).map_err(|e| wrong(&e))?
            }
            None => Http::default(),
        };
        let mut providers = Vec::new();
        let name = get("MASHANG_OIDC_NAME", &args.oidc_name)?;
        let needed = [
            ("--oidc-issuer", get("MASHANG_OIDC_ISSUER", &args.oidc_issuer)?),
            ("--oidc-client-id", get("MASHANG_OIDC_CLIENT_ID", &args.oidc_client_id)?),
            ("--oidc-client-secret-path", get("MASHANG_OIDC_CLIENT_SECRET_PATH", &args.oidc_client_secret_path)?),
        ];
        let anew = get("MASHANG_OIDC_ANEW", &args.oidc_anew)?;
        let acr = get("MASHANG_OIDC_ACR", &args.oidc_acr)?;
        let amr = get("MASHANG_OIDC_AMR", &args.oidc_amr)?;
        let others = [
            ("--oidc-name", name.clone()),
            ("--oidc-anew", anew.clone()),
            ("--oidc-acr", acr.clone()),
            ("--oidc-amr", amr.clone()),
        ];
        if let Some([issuer, client, path]) = group(needed, &others)? {
            address("--oidc-issuer", &issuer)?;
            let secret = secret("--oidc-client-secret-path", &path)?;
            let demands =
                Demands { anew: yes("--oidc-anew", anew.as_deref())?, strengths: words(acr), means: words(amr) };
            let oidc = Oidc::new(&issuer, (&client, secret), name, http.clone()).demanding(demands);
            providers.push(Provider::Oidc(oidc));
        }
        let login = get("MASHANG_WECOM_LOGIN_URL", &args.wecom_login_url)?;
        let api = get("MASHANG_WECOM_API_URL", &args.wecom_api_url)?;
        let needed = [
            ("--wecom-corp-id", get("MASHANG_WECOM_CORP_ID", &args.wecom_corp_id)?),
            ("--wecom-agent-id", get("MASHANG_WECOM_AGENT_ID", &args.wecom_agent_id)?),
            ("--wecom-secret-path", get("MASHANG_WECOM_SECRET_PATH", &args.wecom_secret_path)?),
        ];
        let others = [("--wecom-login-url", login.clone()), ("--wecom-api-url", api.clone())];
        if let Some([corp, agent, path]) = group(needed, &others)? {
            let secret = secret("--wecom-secret-path", &path)?;
            let login = login.as_deref().unwrap_or("https://login.work.weixin.qq.com");
            let api = api.as_deref().unwrap_or("https://qyapi.weixin.qq.com");
            let places = (address("--wecom-login-url", login)?, address("--wecom-api-url", api)?);
            providers.push(Provider::WeCom(WeCom::new(&corp, &agent, secret, places, http.clone())));
        }
        let needed = [
            ("--zwdingtalk-client-id", get("MASHANG_ZWDINGTALK_CLIENT_ID", &args.zwdingtalk_client_id)?),
            ("--zwdingtalk-app-key", get("MASHANG_ZWDINGTALK_APP_KEY", &args.zwdingtalk_app_key)?),
            (
                "--zwdingtalk-app-secret-path",
                get("MASHANG_ZWDINGTALK_APP_SECRET_PATH", &args.zwdingtalk_app_secret_path)?,
            ),
            ("--zwdingtalk-login-url", get("MASHANG_ZWDINGTALK_LOGIN_URL", &args.zwdingtalk_login_url)?),
            ("--zwdingtalk-api-url", get("MASHANG_ZWDINGTALK_API_URL", &args.zwdingtalk_api_url)?),
        ];
        if let Some([client, key, path, login, api]) = group(needed, &[])? {
            let secret = secret("--zwdingtalk-app-secret-path", &path)?;
            let places = (address("--zwdingtalk-login-url", &login)?, address("--zwdingtalk-api-url", &api)?);
            providers.push(Provider::ZwDingTalk(ZwDingTalk::new(&client, &key, secret, places, http)));
        }
        Ok(Providers::new(providers))
    }
}

#[cfg(test)]
mod tests {
    use super::{address, group};

    #[test]
    fn settings_that_belong_together_are_given_together() {
        let one = |value: &str| Some(value.to_owned());
        assert!(matches!(group([("--a", None), ("--b", None)], &[("--c", None)]), Ok(None)));
        let all = group([("--a", one("1")), ("--b", one("2"))], &[("--c", None)]).expect("all are there");
        assert_eq!(all, Some(["1".to_owned(), "2".to_owned()]));
        for others in [&[][..], &[("--c", one("3"))]] {
            let error = group([("--a", one("1")), ("--b", None)], others).expect_err("half of it");
            assert_eq!(error.to_string(), "--b is missing: --a, --b are given together, or none of them");
        }
        let error = group([("--a", None)], &[("--c", one("3"))]).expect_err("nothing but the name");
        assert!(error.to_string().starts_with("--a is missing"));
    }

    #[test]
    fn an_address_is_https_or_of_this_machine() {
        assert!(address("--x", "https://id.example.gov.cn/realms/qh").is_ok());
        assert!(address("--x", "http://127.0.0.1:9").is_ok());
        for wrong in ["http://id.example.gov.cn", "id.example.gov.cn", "https://a/?x=1", "https://a/#x"] {
            assert!(address("--x", wrong).is_err(), "{wrong}");
        }
    }
}
