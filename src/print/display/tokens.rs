//! The tokens of drawing commands.

/// An operand or an operator.
#[derive(Debug)]
pub(super) enum Token<'a> {
    /// A number.
    Number(f32),
    /// A string, decoded.
    Text(Vec<u8>),
    /// A name, whatever it is.
    Name,
    /// An operator.
    Operator(&'a str),
}

/// Takes the next token off the commands.
pub(super) fn next_token<'a>(rest: &mut &'a [u8]) -> Result<Option<Token<'a>>, String> {
    let start = rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len());
    *rest = &rest[start..];
    let Some(first) = rest.first() else { return Ok(None) };
    match first {
        b'(' => literal(rest).map(Some),
        b'<' => hexadecimal(rest).map(Some),
        _ => {
            let end = rest[1..].iter().position(|byte| byte.is_ascii_whitespace() || b"(</[]".contains(byte));
            let (token, after) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
            *rest = after;
            let token = std::str::from_utf8(token).map_err(|_| "not ASCII".to_owned())?;
            if token.starts_with('/') {
                return Ok(Some(Token::Name));
            }
            Ok(Some(token.parse().map_or(Token::Operator(token), Token::Number)))
        }
    }
}

/// A string in parentheses, with its escapes.
fn literal<'a>(rest: &mut &'a [u8]) -> Result<Token<'a>, String> {
    let (mut bytes, mut at, mut depth) = (Vec::new(), 1, 1);
    loop {
        let byte = *rest.get(at).ok_or("an open string")?;
        at += 1;
        match byte {
            b'\\' => {
                let escaped = *rest.get(at).ok_or("an open string")?;
                at += 1;
                match escaped {
                    b'n' => bytes.push(b'\n'),
                    b'r' => bytes.push(b'\r'),
                    b't' => bytes.push(b'\t'),
                    b'b' => bytes.push(8),
                    b'f' => bytes.push(12),
                    b'0'..=b'7' => {
                        let digits = rest[at - 1..].iter().take(3).take_while(|digit| (b'0'..=b'7').contains(digit));
                        let (count, value) =
                            digits.fold((0, 0_u16), |(n, value), digit| (n + 1, value * 8 + u16::from(digit - b'0')));
                        at += count - 1;
                        bytes.push(u8::try_from(value).map_err(|_| "an octal escape".to_owned())?);
                    }
                    other => bytes.push(other),
                }
            }
            b'(' => {
                depth += 1;
                bytes.push(byte);
            }
            b')' if depth == 1 => break,
            b')' => {
                depth -= 1;
                bytes.push(byte);
            }
            other => bytes.push(other),
        }
    }
    *rest = &rest[at..];
    Ok(Token::Text(bytes))
}

/// A string in hexadecimal digits.
fn hexadecimal<'a>(rest: &mut &'a [u8]) -> Result<Token<'a>, String> {
    let end = rest.iter().position(|byte| *byte == b'>').ok_or("an open string")?;
    let digits = std::str::from_utf8(&rest[1..end]).map_err(|_| "a string".to_owned())?;
    let bytes = (0..digits.len() / 2).map(|n| u8::from_str_radix(&digits[n * 2..n * 2 + 2], 16));
    let bytes = bytes.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    *rest = &rest[end + 1..];
    Ok(Token::Text(bytes))
}
