"""The other way of making cards, for benches/sheets.sh: reportlab with segno's codes; and the enterprises to make them for."""

import csv
import io
import random
import sys

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
CODE_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(number):
    """A made-up unified credit code with a right check character (GB 32100)."""
    base = "91500000" + "MA5" + f"{number:06d}"
    base = base.ljust(17, "0")[:17]
    rest = sum(CODE_CHARS.index(c) * w for c, w in zip(base, WEIGHTS)) % 31
    return base + CODE_CHARS[(31 - rest) % 31]


def enterprises(count):
    random.seed(1)
    words = "精密机械电子食品化工新材料纺织物流建筑科技环保医药仪表模具包装印刷光学能源"
    out = csv.writer(sys.stdout)
    out.writerow(["企业名称", "统一社会信用代码", "镇街", "地址"])
    for n in range(count):
        name = "清河区" + "".join(random.sample(words, random.randint(2, 8))) + "有限公司"
        out.writerow([f"{name}{n}厂", credit_code(n), f"第{n % 20}街道", f"振华路 {n % 400} 号"])


def cards(table, target):
    import brotli
    import segno
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen import canvas

    packed = open("assets/fonts/NotoSansSC-Regular.ttf.br", "rb").read()
    pdfmetrics.registerFont(TTFont("Noto", io.BytesIO(brotli.decompress(packed))))
    rows = list(csv.DictReader(open(table, encoding="utf-8")))
    page = canvas.Canvas(target, pagesize=(210 * mm, 297 * mm), pageCompression=1)
    random.seed(2)
    for n, row in enumerate(rows):
        x, y = (n % 2) * 105 * mm, (1 - n // 2 % 2) * 148.5 * mm
        middle = x + 52.5 * mm

        def line(height, text, size):
            page.setFont("Noto", size)
            page.drawCentredString(middle, y + height * mm, text)

        line(138, "清河区 码上报备", 7.5)
        page.setFillColorRGB(0, 0.43, 0.21)
        page.rect(x + 7 * mm, y + 124 * mm, 91 * mm, 12 * mm, stroke=0, fill=1)
        page.setFillColorRGB(1, 1, 1)
        line(129, "企业码 · 入企检查先扫码", 17)
        page.setFillColorRGB(0, 0, 0)
        line(119, "检查人员进门前扫码报备；企业扫码核对来人、上报入企", 7.7)
        line(106, row["企业名称"], 12)
        line(100, row["地址"], 6.5)
        token = "".join(random.choices(ALPHABET, k=13))
        code = segno.make(f"https://bb.qinghe.gov.cn/e/{token}", error="q", boost_error=False, micro=False)
        matrix = [bytes(line) for line in code.matrix]
        step = 58.5 * mm / (len(matrix) + 8)
        path = page.beginPath()
        for r, modules in enumerate(matrix):
            c = 0
            while c < len(modules):
                if modules[c]:
                    start = c
                    while c < len(modules) and modules[c]:
                        c += 1
                    left = middle - 29.25 * mm + (start + 4) * step
                    path.rect(left, y + 98 * mm - (r + 5) * step, (c - start) * step, step)
                else:
                    c += 1
        page.drawPath(path, stroke=0, fill=1)
        line(34, "7K3M-9PQR-X", 16)
        line(29, "扫不了时，打开 bb.qinghe.gov.cn 输入上面的编号；手机上显示的网址应当一致", 6.7)
        line(24, "本码不收费、不下载、不要验证码", 8.5)
        line(20, "监督电话 0512-12345678", 7.5)
        line(8, f"No. 2026-{n:06d} · 第 1 版", 5.5)
        if n % 4 == 3 or n == len(rows) - 1:
            page.showPage()
    page.save()


if __name__ == "__main__":
    if sys.argv[1] == "enterprises":
        enterprises(int(sys.argv[2]))
    else:
        cards(sys.argv[2], sys.argv[3])
