"""An inspector's phone: a browser that keeps cookies, fills in the filing form, reads the review, sends it, and opens the receipt."""

import http.client
import re
import time
import uuid
from html import unescape
from urllib.parse import urlencode, urlsplit

HIDDEN = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


IDLE = 2.0  # seconds for which an idle connection is used again; the program keeps one for five


class Cut(Exception):
    """The connection ended without a whole answer: whether the request was taken is not known."""


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def location(self):
        return self.headers.get("location", "")


class Browser:
    def __init__(self, url, timeout=20):
        self.url, self.timeout = url, timeout
        self.cookies, self.conn, self.used = {}, None, 0.0

    def request(self, method, path, body=None, headers=None):
        """One request over the open connection, or a new one; never repeated by itself."""
        sent = {"Accept-Language": "zh-CN", "Origin": self.url, "Sec-Fetch-Site": "same-origin", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if time.monotonic() - self.used > IDLE:
            self.close()
        try:
            if self.conn is None:
                self.conn = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=self.timeout)
            self.conn.request(method, path, body, sent)
            response = self.conn.getresponse()
            answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.split(";")[0]
            self.used = time.monotonic()
            if answer.headers.get("connection") == "close":
                self.close()
            return answer
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Cut(str(error)) from error

    def close(self):
        if self.conn:
            self.conn.close()
        self.conn = None

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, fields):
        return self.request("POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})

    def twin(self):
        """The same phone in another tab: its cookies, a connection of its own."""
        other = Browser(self.url, self.timeout)
        other.cookies = dict(self.cookies)
        return other


def enrol(url, link, pin="246813"):
    """A phone made known by an invitation's link."""
    phone = Browser(url)
    path = urlsplit(link).path
    phone.get(path)
    answer = phone.post(path, {"pin": pin, "pin_again": pin})
    if answer.status != 303 or not phone.cookies:
        raise RuntimeError(f"the phone could not be enrolled: {answer.status}")
    return phone


def fields(matter, day, start="09:00", end="11:00"):
    """A filing as the form has it, with a submission id of its own."""
    return [
        ("submission", str(uuid.uuid4())), ("kind", "daily"), ("matters", matter), ("when", "day"), ("date", day),
        ("planned_start", start), ("planned_end", end),
    ]


def review(phone, token, filled):
    """Sends the form and gives what its review page would send; None when the program answers otherwise."""
    answer = phone.post(f"/e/{token}/file", filled)
    if answer.status != 200:
        return None
    found = []
    for tag in HIDDEN.findall(answer.body.decode()):
        attributes = dict(ATTRIBUTE.findall(tag))
        if attributes.get("type") == "hidden" and attributes.get("name") != "back":
            found.append((attributes["name"], unescape(attributes.get("value", ""))))
    if not any(name == "fixed_start" and value for name, value in found):
        raise RuntimeError(f"no review page: {answer.body.decode()[:2000]}")
    return [*found, ("step", "send")]


def filing_of(answer):
    """The filing that a 303 to its receipt acknowledges, as 32 hexadecimal digits."""
    found = re.fullmatch(r"/f/([0-9a-f-]{36})", answer.location) if answer.status == 303 else None
    return found.group(1).replace("-", "") if found else None
