#!/usr/bin/env python3
"""Takes 100,000 made-up enterprises over in the console of a running server, as an operator does: sends a file, waits for the preview,
confirms, waits. Prints seconds, the slowest page meanwhile, and the most memory that the server held.

    benches/import.py URL EMAIL PASSWORD PID [ROWS]
"""
import http.cookiejar, re, sys, threading, time, urllib.parse, urllib.request

url, email, password, pid = sys.argv[1:5]
rows = int(sys.argv[5]) if len(sys.argv) > 5 else 100_000
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code(number):
    digits, value = "", number
    for _ in range(7):
        digits, value = LETTERS[value % 31] + digits, value // 31
    start = "91500107MB" + digits
    total = sum(LETTERS.index(c) * pow(3, i, 31) for i, c in enumerate(start))
    return start + LETTERS[(31 - total % 31) % 31]


def table():
    yield "企业名称,统一社会信用代码,镇街,地址,行业代码,信用等级,重点企业类别,联系邮箱"
    for n in range(rows):
        town = ("陶家镇", "二郎街道", "石桥铺街道", "杨家坪街道")[n % 4]
        tags = "规上工业、专精特新" if n % 200 == 0 else ""
        yield (
            f"重庆长岭第{n}精密机械制造有限公司,{code(n)},{town},重庆市九龙坡区{town}兴业路{n}号附{n % 17}号,"
            f"C34,{'ABCD'[n % 4]},{tags},contact{n}@qiye.example"
        )


def memory():
    return int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1)) // 1024


jar = http.cookiejar.CookieJar()
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
browser.addheaders = [("Sec-Fetch-Site", "same-origin")]


def get(path):
    return browser.open(url + path).read().decode()


def post(path, fields):
    answer = browser.open(url + path, urllib.parse.urlencode(fields).encode())
    return urllib.parse.urlparse(answer.url).path, answer.read().decode()


post("/console/sign-in", {"email": email, "password": password, "next": ""})
file = "\n".join(table()).encode()
body = (
    b'--XX\r\nContent-Disposition: form-data; name="registry"\r\n\r\nenterprises\r\n--XX\r\nContent-Disposition: form-data; '
    b'name="file"; filename="many.csv"\r\n\r\n' + file + b"\r\n--XX--\r\n"
)
print(f"file: {len(file) / 2**20:.1f} MiB, {rows} rows; memory before: {memory()} MB")
begun = time.monotonic()
request = urllib.request.Request(url + "/console/import", body, {"Content-Type": "multipart/form-data; boundary=XX"})
answer = browser.open(request)
page = urllib.parse.urlparse(answer.url).path
print(f"sent: {time.monotonic() - begun:.1f} s, {memory()} MB")

slowest, stop = [0.0], threading.Event()


def look():
    while not stop.is_set():
        start = time.monotonic()
        get("/console/agencies")
        slowest[0] = max(slowest[0], time.monotonic() - start)
        time.sleep(0.1)


threading.Thread(target=look, daemon=True).start()


def wait(words):
    while True:
        text = get(page)
        if words in text:
            return text
        if 'role="alert"' in text:
            sys.exit("it failed: " + re.search(r'<h2 id="es">(.*?)</h2>', text).group(1))
        time.sleep(0.2)


text = wait('name="digest"')
print(f"previewed: {time.monotonic() - begun:.1f} s, {memory()} MB")
confirmed = time.monotonic()
post(page + "/apply", {"digest": re.search(r'name="digest" value="(\w+)"', text).group(1)})
wait("/undo")
print(f"applied: {time.monotonic() - confirmed:.1f} s after the confirmation, {time.monotonic() - begun:.1f} s in all, {memory()} MB")
again = time.monotonic()
post(page + "/undo", {})
wait('class="note ok"')
stop.set()
print(f"undone: {time.monotonic() - again:.1f} s, {memory()} MB; slowest page meanwhile: {slowest[0] * 1000:.0f} ms")
