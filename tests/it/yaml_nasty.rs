//! Texts that some reader of YAML takes for something else.

use proptest::prelude::*;
use render::tree::{Content, Node, Note, Tag};

/// Words, numbers, dates and signs that mean something when they stand alone.
#[rustfmt::skip]
const ALONE: &[&str] = &[
    "", "~", "=", "<<", "null", "Null", "NULL", "nUlL", "true", "True", "TRUE", "tRUE", "false", "False", "FALSE", "on",
    "On", "ON", "oN", "off", "Off", "OFF", "oFF", "yes", "Yes", "YES", "yES", "no", "No", "NO", "nO", "y", "Y", "n",
    "N", "t", "f", "nan", "NaN", "NAN", ".nan", ".NaN", ".NAN", "+.nan", "inf", "Inf", "INF", "+inf", "-inf",
    "Infinity", "-Infinity", ".inf", ".Inf", ".INF", "+.inf", "-.inf", "-.INF", "None", "nil", "undefined", "void",
    "0", "1", "-1", "+1", "00", "01", "08", "09", "0777", "0778", "-0", "+0", "0o7", "0O7", "0o17", "0o8", "0o_7",
    "+0o7", "0o-7", "0x1F", "0X1F", "0x", "0x_", "0xg", "-0x1f", "0b1", "0B1", "0b2", "0b_1", "0b", "+0b1", "0b-1",
    "1_000", "1_", "_1", "__", "_", "-_", "+_", "1__0", "1_000.5", "1.", ".1", ".", "..", "+.", "-.", "._", "1.2.3",
    "1.0", "-1.5", "+1.5", "1e3", "1E3", "1e+3", "1e-3", "1.e3", ".1e3", "1.5e3", "1e", "e1", "E22", "e2e", "-e1", "e+1", ".e1", "_e1", "1e1_0", "1e999",
    "-1e-999", "0e0", "1d3", "1f", "1i", "1,000", "1,5", "0.1.2", "9223372036854775807", "9223372036854775808",
    "18446744073709551615", "18446744073709551616", "123456789012345678901234567890", "1:2", "12:30", "12:30:45",
    "-12:30", "+1:0", "0:0", "00:00", "0:00:00", "22:22", "22:60", "60:60", "8000:8000", "80:8080/tcp", "1:2.5",
    "1:2:3.5", "1_0:2", ":1", "1:", "127.0.0.1:80:80", "2002-12-14", "2002-1-2", "2002-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.10 -5", "2001-12-15 2:59:43.10", "2001-12-14T21:59:43Z", "2001-12-14T21:59:43,5Z",
    "2001-13-45", "9999-99-99", "2001-12-14 ", "12-14-2002", "2002-12", "20021214", "---", "...", "--- a", "... a",
    "---a", "...a", "---1", "...~", "---\"a\"", "--", "-", "- a", "-a", "- ", "-\t", "-\ta", "?", "? a", "?a", ":", ": a", ":a", ",", ",a", "[",
    "]", "[a", "[a]", "[]", "{", "}", "{a", "{a: b}", "{}", "#", "#a", "# a", "&", "&a", "& a", "*", "*a", "* a", "!",
    "!a", "!!str", "!!int 1", "!<tag:yaml.org,2002:str>", "!reset", "!override", "|", "|-", "|+", "|2", ">", ">-", "> a",
    "| a", "'", "''", "'a", "a'", "'a'", "a'b", "\"", "\"\"", "\"a", "a\"", "\"a\"", "a\"b", "%", "%a", "%YAML 1.1",
    "%TAG ! !", "@", "@a", "`", "`a", "\\", "\\n", "a\\", "\\u0041", "\\x", "^", "$", "${A}", "$$", "$(A)", "/", "//",
    "(", ")", ";", "a;b", "<", "<<<", "=a", "==", "~a", "a~", "+", "++", "+a",
];

/// Texts in which the danger is a place: around colons, hashes, blanks, lines.
#[rustfmt::skip]
const PLACED: &[&str] = &[
    "a:", "a: b", "a:b", "a :b", "a : b", "a:\tb", "a: ", "a:\n", "a::", "a:: b", "::", "a: b: c", "http://a:80/b?c=d#e",
    "a#", "a#b", "a #b", "a # b", "a\t#b", "a# b", "#a: b", "a: #b", " #", "a,b", "a, b", "[a, b]", "a]", "a}", "a[0]",
    "a{b}", " ", "  ", " a", "a ", " a ", "\ta", "a\t", "\t", "a\tb", "a  b", "a\u{A0}", "\u{A0}a", "\u{A0}", "\u{3000}",
    "\u{2003}a", "\n", "\n\n", "\na", "a\n", "a\n\n", "a\n\n\n", "a\nb", "a\nb\n", "a\n\nb", "a\n b", "a\n  b\n", " a\nb",
    "\ta\nb", "a\n\tb", "a \nb", "a\t\nb", "a\nb ", "a\n \nb", "a\n \n", "\n a\nb", "\n\ta", "a\n#b", "#a\nb", "- a\n- b",
    "a: b\nc: d", "a\n---\nb", "---\na", "...\na", "a\n...\n", "a\n%b", "|\na", ">\na\nb", "'\n'", "\"\n\"", "a\n\"b", "a\r",
    "\ra", "a\rb", "a\r\nb", "\r\n", "\r", "a\u{85}b", "\u{85}", "a\u{85}", "a\u{2028}b", "\u{2028}", "a\u{2029}b", "\u{2029}",
    "\u{FEFF}", "\u{FEFF}a", "a\u{FEFF}", "a\u{FEFF}b", "a\n\u{FEFF}b", "a\n\u{85}b", "a\n\u{2028}b", "\0", "a\0", "a\0b",
    "a\n\0b", "\u{1}", "\u{7}", "\u{8}", "\u{B}", "a\u{B}b", "\u{C}", "\u{E}", "\u{1B}[31ma\u{1B}[0m", "\u{1F}", "\u{7F}",
    "a\u{7F}", "\u{80}", "\u{9B}31m", "\u{9F}", "a\u{9F}\n", "\u{AD}", "\u{200B}", "a\u{200D}b", "\u{200E}a", "\u{202E}abc",
    "a\u{202E}\nb", "\u{2066}a\u{2069}", "\u{D7FF}", "\u{E000}", "\u{FFFD}", "\u{FFFE}", "\u{FFFF}", "a\n\u{FFFF}b", "\u{10000}",
    "\u{1FFFE}", "\u{10FFFF}", "é", "e\u{301}", "ß", "İ", "中文", "日本: 語", "😀", "😀: 😀", "a 😀 #b", "👩\u{200D}👩\u{200D}👧", "🇩🇪",
    "\u{661}", "\u{FF11}", "１２", "ｙｅｓ", "a\u{301}: b", "#!/bin/sh\nset -e\n\techo \"$A\"\n", "{\n  \"a\": 1\n}\n",
    "[a]\nb = \"c\" # d\n", "a = 1\n\n[b]\nc = 2\n", "server {\n\tlisten 80;\n}\n", "key: |\n  text\n", "-----BEGIN A-----\nx==\n",
    "postgres://u:p@h:5432/d?sslmode=require", "*/5 * * * *", "@daily", "0 0 * * 0", "10m", "500Mi", "1.5Gi", "100%", "v1.0",
    "1.10", "3.10.1", "sha256:0000", "a@sha256:e3b0", "ghcr.io/a/b:1.0", "0.0.0.0", "::1", "[::]:80", "fe80::1%eth0", "a=b",
    "--a=b", "-c", "--", "-e 1", "--flag=: x", "python -c 'import a; a.b(\"c\")'", "sh -c \"a && b || c > d 2>&1\"", "!important",
    "C:\\a\\b", "~/a", "../a", ".env", "*.py", "**/*", "a*b", "user:10001", "10001:10001", "rw,size=64m", "a|b", "a>b", "a & b",
    "&a b", "*a b", "? a: b", "- - a", "- a: b", "a: |", "a: >", "a: &b", "a: *b", "a: !b", "a: [", "a: {", "x\n\n\n\n\ny",
];

/// What an adversary would put together.
#[rustfmt::skip]
pub const PIECES: &[&str] = &[
    "0", "1", "2", "7", "9", "_", ".", ":", "+", "-", "e", "E", "x", "X", "o", "O", "b", "B", "n", "N", "y", "Y", "t", "f",
    "~", "<", ">", "=", "!", "&", "*", "?", "|", "@", "`", "%", "#", "{", "}", "[", "]", ",", "'", "\"", "\\", " ", "\t",
    "\n", "\r", "\0", "\u{1B}", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFF}", "\u{202E}",
    "é", "😀", "inf", "nan", "true", "no", "on", "null", "0x", "0o", "0b", "1e", "12:30", "2024-01-02", "T10:00:00Z", "- ",
    "? ", ": ", " #", "# ", "---", "...", "\n---\n", "\n  ", "\n\t", "\n- ", "\nb: ", "\r\n", "$", "/", "a", "z", "k: v",
    "!!", "!reset ", "<<", "&a", "*a", "|-", ">-", "'a'", "\"a\"",
];

/// Every fixed text, with some that are too long to be spelled out.
pub fn texts() -> Vec<String> {
    let mut texts: Vec<String> = ALONE.iter().chain(PLACED).map(|&text| text.to_owned()).collect();
    // Around the longest key that readers look for without being told, and where writers like to fold.
    texts.extend([79, 81, 200, 1020, 1021, 1022, 1023, 1024, 1025, 1100, 5000].map(|length| "k".repeat(length)));
    texts.extend([1022, 1023, 1024].map(|length| "k ".repeat(length / 2)));
    texts.extend([
        "long words ".repeat(20),
        "long: words #".repeat(90),
        "é".repeat(600),
        "\n".repeat(600),
        "😀\t".repeat(300),
    ]);
    texts.extend(["a long line, ".repeat(30) + "\nand another\n", "#".repeat(100), "\u{1}".repeat(400)]);
    texts
}

pub fn text() -> impl Strategy<Value = String> {
    let pieces = |n| prop::collection::vec(prop::sample::select(PIECES), n).prop_map(|pieces| pieces.concat());
    let chars = prop::collection::vec(any::<char>(), 0..12).prop_map(String::from_iter);
    let lines = prop::collection::vec(pieces(0..4), 2..5).prop_map(|lines| lines.join("\n"));
    prop_oneof![4 => prop::sample::select(texts()), 4 => pieces(1..9), 2 => chars, 2 => lines, 1 => "[0-9_:.eExXobB+-]{1,9}"]
}

fn scalar() -> impl Strategy<Value = Content> {
    let float = any::<f64>().prop_filter_map("finite", serde_json::Number::from_f64);
    let number = prop_oneof![any::<i64>().prop_map(Into::into), any::<u64>().prop_map(Into::into), float];
    prop_oneof![
        8 => text().prop_map(Content::Text),
        2 => text().prop_map(Content::Quoted),
        1 => number.prop_map(Content::Number),
        1 => any::<bool>().prop_map(Content::Bool),
        1 => Just(Content::Null),
    ]
}

/// Any tree: with nasty texts for values and keys, and notes and tags here and there.
pub fn tree() -> impl Strategy<Value = Node> {
    noted(scalar()).prop_recursive(4, 40, 6, |inner| {
        let map = prop::collection::vec((text(), inner.clone()), 0..5).prop_map(|entries| {
            let mut map = Node::map();
            entries.into_iter().for_each(|(key, node)| map.set(key, node));
            map.content
        });
        let seq = prop::collection::vec(inner, 0..5).prop_map(Content::Seq);
        noted(prop_oneof![2 => map, 1 => seq])
    })
}

fn noted(content: impl Strategy<Value = Content>) -> impl Strategy<Value = Node> {
    let note = prop::option::of(text()).prop_map(|reason| reason.map(|reason| Note::new(reason, vec![])));
    let tag = prop_oneof![8 => Just(None), 1 => Just(Some(Tag::Override)), 1 => Just(Some(Tag::Reset))];
    (content, note, tag).prop_map(|(content, note, tag)| Node { content, note, tag })
}
