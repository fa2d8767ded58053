// Fifty rows of enterprises with every fault that a spreadsheet comes with, and each row as it should be.

const HEADERS = ["企业名称", "统一社会信用代码", "镇街", "地址", "行业代码", "信用等级", "重点企业类别", "联系邮箱"];
const [NAME, CODE, , ADDRESS, , CLASS, , EMAIL] = HEADERS.keys();
const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const COUNT = 50;

// The check character of a credit code by GB 32100-2015.
function checked(seventeen) {
  let sum = 0;
  let weight = 1;
  for (const character of seventeen) {
    sum += ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return seventeen + ALPHABET[(31 - (sum % 31)) % 31];
}

function right(number) {
  const two = String(number).padStart(2, "0");
  const code = checked(`91500107MA0T${String(number).padStart(5, "0")}`);
  // Characters that many fonts lack stand in some of the names.
  const name = number % 10 === 0 ? `重庆䶮㙟${two}号机械有限公司` : `重庆新桥${two}号机械有限公司`;
  return [name, code, "西彭镇", `西彭镇森迪大道${number}号`, "C34", "B", "", `new${number}@qiye.example`];
}

const otherCheck = (code) => code.slice(0, 17) + ALPHABET[(ALPHABET.indexOf(code[17]) + 1) % 31];

// What goes wrong: its name, the column, the cell as it should be → as it is, and what must be said of it.
const FAULTS = [
  ["the letter O for a zero", CODE, (code) => code.replace("0", "O"), /第 4 位不会是“O”.*是不是“91500107MA0T\w{6}”/],
  ["a wrong check character", CODE, otherCheck, /校验位不对.*请对照营业执照检查/],
  ["no code", CODE, () => "", /不能为空/],
  ["the old number of 15 digits", CODE, (code) => code.slice(0, 15), /是 18 位，这里是 15 位.*旧的注册号/],
  ["a number that a spreadsheet rounded", CODE, () => "9.15001E+17", /科学计数.*文本/],
  ["the code of another row", CODE, () => right(1)[CODE], /与第 [\d、, ]+ 行重复/],
  ["no name", NAME, () => "", /不能为空/],
  ["a name too long", NAME, () => "长".repeat(300), /太长：300 个字/],
  ["a control character", NAME, (name) => `${name}\u0007`, /看不见的控制字符/],
  ["a character that turns the direction", NAME, (name) => `${name}\u202e`, /看不见的方向符号/],
  ["a character that was not read", ADDRESS, (address) => `\ufffd${address}`, /乱码/],
  ["a formula without a value", ADDRESS, () => "#REF!", /公式出错/],
  ["an unknown credit class", CLASS, () => "Z", /信用等级只有 A、B、C、D/],
  ["a wrong e-mail address", EMAIL, () => "nobody at nowhere", /不是邮箱地址/],
  ["more cells than headers", HEADERS.length, () => "多出来的", /比表头多出内容/],
];

// The rows of the file; and by the row's number in the file, whose first row has the headers, the fault and the row as it should be.
export const ROWS = [];
export const FAULTY = new Map();
const SHARED = FAULTS.find(([name]) => name === "the code of another row");
for (let number = 1; number <= COUNT; number += 1) {
  const row = right(number);
  ROWS.push([...row]);
  // The last rows are sound. So is the first, but others have its code, and nobody knows whose it is.
  if (number > COUNT - 4) continue;
  const [name, column, change, says] = number === 1 ? SHARED : FAULTS[(number - 2) % FAULTS.length];
  ROWS.at(-1)[column] = number === 1 ? row[column] : change(row[column]);
  FAULTY.set(number + 1, { name, column: HEADERS[column] ?? "", says, right: row });
}

export function table(rows) {
  return [HEADERS, ...rows].map((row) => row.map((cell) => `"${cell}"`).join(",")).join("\r\n");
}

// The file of rejected rows with each of them corrected, as somebody does it in a spreadsheet: the column of reasons stays, and what stood
// behind the columns goes. The rows are in their order, which is all that is known of those without a name and a code.
export function corrected(file) {
  const [header, ...lines] = file.replace(/^\ufeff/, "").trimEnd().split("\r\n");
  const rows = [...FAULTY.values()].map(({ right }) => right);
  if (header !== [...HEADERS, "原因"].join(",") || lines.length !== rows.length) throw new Error(`not the rejected rows:\n${file}`);
  return [header, ...rows.map((row) => [...row, "已改正"].join(","))].join("\r\n");
}
