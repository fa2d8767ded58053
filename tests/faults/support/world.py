"""A district made by the program's own commands: a registry, supervisors who hear at any hour, phones, a token for reading back."""

import csv
import datetime
import json
import os
import random

from .phone import Browser, enrol
from .server import Server
from .store import Postgres, Sqlite

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]


def credit_code(number):
    """A made-up unified credit code with the check character of GB 32100."""
    body = f"91350100F{number:08d}"
    left = sum(ALPHABET.index(c) * w for c, w in zip(body, WEIGHTS)) % 31
    return body + ALPHABET[(31 - left) % 31]


def quiet_day(today=None):
    """A no-disturb day of next month."""
    first = ((today or datetime.date.today()).replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    return first.replace(day=12).isoformat()


class World:
    """A district that is served. Use it with `with`: whatever happens, the server is ended and the database dropped."""

    def __init__(self, run, name, postgres, phones=16, enterprises=400, supervisors=2, data=None, server_url=None):
        self.folder = os.path.join(run.work, f"{name}-{'postgres' if postgres else 'sqlite'}")
        os.makedirs(self.folder)
        if data:
            os.symlink(data, os.path.join(self.folder, "data"))
        self.run, self.dice = run, random.Random(f"{run.seed} {name}")
        self.store = Postgres(server_url or run.postgres_url) if postgres else Sqlite(self.folder)
        self.server = Server(run.binary, self.folder, self.store.url)
        self.supervisors = [f"s{n}@faults.example.cn" for n in range(supervisors)]
        self.certificates = [f"SC{n:05d}" for n in range(phones)]
        try:
            self._registry(enterprises)
            self.server.start()
            self.phones = [enrol(self.server.url, self.server.command("invite", "--cert-no", c).strip()) for c in self.certificates]
            self.signs = [row[0] for row in self.store.rows("SELECT token FROM signs WHERE unit_kind = 'enterprise' ORDER BY token")]
            self.bearer = self.server.command("token", "create", "--role", "supervisor", "--office", "discipline", "--name", "faults").strip()
            self.matter = self.api("/api/v1/matters")["items"][0]["id"]
        except BaseException as error:
            if os.path.exists(self.server.log):
                error.add_note("The server said at last:\n" + self.server.log_end(40))
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.server.end()
        self.store.drop()

    def _registry(self, enterprises):
        agency = "区市场监督管理局"
        tables = [
            ("agencies", ["单位名称"], [[agency]]),
            ("matters", ["单位名称", "事项名称", "公布日期"], [[agency, "食品安全检查", "2020-01-01"]]),
            ("inspectors", ["姓名", "执法证号", "单位名称", "有效期起", "有效期止"],
             [[f"检查员{n}", c, agency, "2020-01-01", "2099-12-31"] for n, c in enumerate(self.certificates)]),
            ("enterprises", ["企业名称", "统一社会信用代码"],
             [[f"试验企业{n}", credit_code(n)] for n in range(enterprises)]),
        ]
        for registry, header, rows in tables:
            path = os.path.join(self.folder, f"{registry}.csv")
            with open(path, "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([header, *rows])
            self.server.command("import", registry, path)
        password = os.path.join(self.folder, "password")
        with open(password, "w", encoding="utf-8") as file:
            file.write("Only-for-faults-4711\n")
        for number, email in enumerate(self.supervisors):
            self.server.command("user", "create", "--own-password", "--email", email, "--name", f"监督员{number}", "--role", "supervisor",
                                "--office", "reform", "--alerts", "any_hour", "--password-file", password)

    def api(self, path):
        """What the interface answers to the supervisor's token."""
        browser = Browser(self.server.env["MASHANG_PUBLIC_URL"])
        answer = browser.request("GET", path, headers={"Authorization": f"Bearer {self.bearer}"})
        browser.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.body[:300]}")
        return json.loads(answer.body)

    def filings_by_api(self):
        """Every filing that the interface tells, page by page, as a list of ids."""
        ids, cursor = [], None
        while True:
            page = self.api("/api/v1/filings?limit=100" + (f"&cursor={cursor}" if cursor else ""))
            ids += [item["id"].replace("-", "") for item in page["items"]]
            cursor = page.get("next_cursor")
            if not cursor:
                return ids
