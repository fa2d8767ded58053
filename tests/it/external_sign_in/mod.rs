//! Signing in to the console through others: OpenID Connect, 企业微信, 政务钉钉, over real sockets against providers of our own. What the browser
//! does with a provider that others wrote is in tests/browser/oidc.mjs.

mod accounts;
mod answers;
mod demands;
mod fresh;
mod oidc;
mod settings;
mod stand_in;
mod tls;

use crate::console::world::{PASSWORD, World};
use crate::support::{Answer, Client, HOST};
use mashang::domain::sign_in_provider::ProviderKind;
use mashang::identity::{Demands, Oidc, Provider, Providers, Secret, WeCom, ZwDingTalk};
use mashang::outgoing::Http;
use stand_in::{CLIENT, SECRET, StandIn};

/// The district with its providers.
pub struct Site {
    pub world: World,
    pub providers: StandIn,
    app: mashang::app::App,
}

impl Site {
    pub async fn new() -> Self {
        let world = World::new().await;
        let providers = StandIn::start(world.test.app.clock.clone()).await;
        let url = providers.lock().url.clone();
        let app = with_providers(&world, &url);
        Self { world, providers, app }
    }

    /// The same with what the district demands of OpenID Connect.
    pub async fn demanding(demands: Demands) -> Self {
        let mut site = Self::new().await;
        let url = site.providers.lock().url.clone();
        let oidc =
            Oidc::new(&url, (CLIENT, Secret(SECRET.to_owned())), Some("青禾区统一认证".to_owned()), Http::default());
        let providers = Providers::new(vec![Provider::Oidc(oidc.demanding(demands))]);
        site.app.service = site.app.service.with_providers(providers);
        site
    }

    /// A browser without cookies.
    pub fn client(&self) -> Client {
        Client::new(mashang::web::router(self.app.clone()))
    }

    /// A browser that has signed in with the password.
    pub async fn signed_in(&self, who: &str) -> Client {
        let mut client = self.client();
        let email = format!("{who}@qh.gov.cn");
        let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", "")];
        client.post_form("/console/sign-in", &fields).await.location();
        client
    }

    /// Presses the button of a provider, signs in there, and comes back with `change` done to the address.
    pub async fn through_with(
        &self,
        client: &mut Client,
        kind: ProviderKind,
        change: impl FnOnce(String) -> String,
    ) -> Answer {
        let address = client.get(&button(kind, "/console/violations?tab=confirmed")).await.location();
        let back = change(self.back(kind, &address));
        client.get(&back).await
    }

    /// The same without a change.
    pub async fn through(&self, client: &mut Client, kind: ProviderKind) -> Answer {
        self.through_with(client, kind, |back| back).await
    }

    /// Where the browser comes back to after somebody has signed in at an address of a provider.
    pub fn back(&self, kind: ProviderKind, address: &str) -> String {
        let (code, sent) = self.providers.sign_in(address);
        assert_eq!(sent["redirect_uri"], format!("http://{HOST}/console/sign-in/{kind}/back"));
        format!("/console/sign-in/{kind}/back?code={code}&state={}", sent["state"])
    }
}

/// The program of a district with all three providers at one address.
fn with_providers(world: &World, url: &str) -> mashang::app::App {
    let mut app = world.test.app.clone();
    let secret = || Secret(SECRET.to_owned());
    let place = || url::Url::parse(url).expect("an address");
    let (login, http) = ("https://login.example.gov.cn".parse::<url::Url>().expect("an address"), Http::default());
    app.service = app.service.with_providers(Providers::new(vec![
        Provider::Oidc(Oidc::new(url, (CLIENT, secret()), Some("青禾区统一认证".to_owned()), http.clone())),
        Provider::WeCom(WeCom::new(CLIENT, "1000002", secret(), (login.clone(), place()), http.clone())),
        Provider::ZwDingTalk(ZwDingTalk::new("qh_dingoa", CLIENT, secret(), (login, place()), http)),
    ]));
    app
}

fn button(kind: ProviderKind, next: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    format!("/console/sign-in/{kind}?{}", query.append_pair("next", next).finish())
}

/// Links an account to a user, as the administrator does.
async fn link(site: &Site, user: usize, provider: &str, subject: &str) -> Answer {
    let path = format!("/console/users/{}/accounts", site.world.users[user]);
    site.signed_in("admin").await.post_form(&path, &[("provider", provider), ("subject", subject)]).await
}
