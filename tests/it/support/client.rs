//! A browser, as far as tests need one: it keeps cookies, sends forms and shows what came back.

use super::HOST;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, HOST as HOST_HEADER, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use mashang::web::ClientAddr;
use std::collections::BTreeMap;
use tower::ServiceExt as _;

/// A browser that keeps its cookies.
#[derive(Clone)]
pub struct Client {
    router: Router,
    cookies: BTreeMap<String, String>,
    /// The `Accept-Language` header.
    pub language: &'static str,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "no redirect:\n{}", self.text());
        self.header(LOCATION.as_str()).to_owned()
    }

    /// A header, empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Names and values of the page's hidden inputs, in order.
    pub fn hidden_inputs(&self) -> Vec<(String, String)> {
        let text = self.text();
        let attribute = |tag: &str, name: &str| {
            let value = tag.split(&format!(" {name}=\"")).nth(1).unwrap_or_default();
            let value = value.split('"').next().unwrap_or_default();
            value
                .replace("&#38;", "&")
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&#60;", "<")
                .replace("&#62;", ">")
        };
        text.match_indices("<input type=\"hidden\"")
            .map(|(at, _)| &text[at..at + text[at..].find('>').expect("the tag ends")])
            .map(|tag| (attribute(tag, "name"), attribute(tag, "value")))
            .collect()
    }

    /// Fails unless the page has this status and these words.
    #[track_caller]
    pub fn expect(self, status: u16, words: &str) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert!(self.text().contains(words), "“{words}” is not in\n{}", self.text());
        self
    }
}

impl Client {
    pub fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), language: "zh-CN" }
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path).body(Body::empty()).expect("a request");
        self.send(request).await
    }

    /// Sends a form as the browser of this site does.
    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post_bytes(path, body.into_bytes()).await
    }

    /// Opens a page from an address.
    pub async fn get_from(&mut self, from: &str, path: &str) -> Answer {
        let request = self.request(Method::GET, path).body(Body::empty()).expect("a request");
        self.send(Self::at(from, request)).await
    }

    /// Sends a form from an address.
    pub async fn post_from<N: AsRef<str>, V: AsRef<str>>(
        &mut self,
        from: &str,
        path: &str,
        fields: &[(N, V)],
    ) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .request(Method::POST, path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .expect("a request");
        self.send(Self::at(from, request)).await
    }

    fn at(from: &str, mut request: Request<Body>) -> Request<Body> {
        request.extensions_mut().insert(ClientAddr(Some(from.parse().expect("an address"))));
        request
    }

    /// Sends bytes that claim to be a form.
    pub async fn post_bytes(&mut self, path: &str, bytes: Vec<u8>) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(bytes))
            .expect("a request");
        self.send(request).await
    }

    /// Sends a form and opens the page that it leads to.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let to = self.post_form(path, fields).await.location();
        self.get(&to).await
    }

    /// The beginning of a request with this browser's cookies.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut builder = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST_HEADER, HOST)
            .header(ACCEPT_LANGUAGE, self.language);
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            builder = builder.header(COOKIE, cookies.join("; "));
        }
        builder
    }

    /// Sends a request and keeps the cookies of the answer.
    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router is infallible");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("a plain cookie");
            let (name, rest) = cookie.split_once('=').expect("a cookie has a value");
            if cookie.contains("Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                let value = rest.split(';').next().unwrap_or_default();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = to_bytes(body, usize::MAX).await.expect("a whole body").to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }
}
