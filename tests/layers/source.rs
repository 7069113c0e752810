//! A source file as the rules see it: comments and literals blanked, test code marked, paths resolved to modules.

use std::collections::BTreeMap;
use std::path::Path;

/// One file under `src/`.
pub struct Source {
    /// Path from the crate's root, with `/`.
    pub path: String,
    /// The text as written.
    pub text: String,
    /// The text with comments, strings and characters blanked; as long as `text`, with the same lines.
    pub code: String,
    /// For each line whether it is test code.
    pub test: Vec<bool>,
    /// Its module below the crate: `["store", "codec"]`; the crate's own is empty.
    pub module: Vec<String>,
}

/// A path that code names, written out from the crate's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The line, from 1.
    pub line: usize,
    /// The segments after `crate`.
    pub path: Vec<String>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Source {
        let code = blank(text);
        let mut module: Vec<String> = path.trim_start_matches("src/").split('/').map(str::to_owned).collect();
        let file = module.pop().unwrap_or_default();
        match file.trim_end_matches(".rs") {
            "mod" | "lib" | "main" => {}
            name => module.push(name.to_owned()),
        }
        let test = test_lines(&code);
        Source { path: path.to_owned(), text: text.to_owned(), code, test, module }
    }

    pub fn floor(&self) -> Option<&str> {
        self.module.first().map(String::as_str)
    }

    pub fn is_test(&self, line: usize) -> bool {
        self.test.get(line - 1).copied().unwrap_or(false)
    }

    /// The lines of code that may be of the program: numbered from 1, test code left out.
    pub fn program(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(at, _)| !self.is_test(*at))
    }

    /// Every path beginning with `crate`, `self` or `super`, in `use` and elsewhere, groups spread out.
    pub fn paths(&self) -> Vec<Named> {
        let tokens = tokens(&self.code);
        let mut found = Vec::new();
        let mut inline: Vec<(String, usize)> = Vec::new();
        let mut depth = 0;
        let mut at = 0;
        while at < tokens.len() {
            let word = tokens[at].1;
            match word {
                "{" => depth += 1,
                "}" => {
                    depth -= 1;
                    inline.retain(|(_, opened)| *opened <= depth);
                }
                "mod" if tokens.get(at + 2).is_some_and(|token| token.1 == "{") => {
                    inline.push((tokens[at + 1].1.to_owned(), depth + 1));
                }
                "crate" | "self" | "super" if tokens.get(at + 1).is_some_and(|token| token.1 == "::") => {
                    let inner: Vec<String> = inline.iter().map(|(name, _)| name.clone()).collect();
                    let from = [self.module.clone(), inner].concat();
                    at = spread(&tokens, at, Vec::new(), &mut |line, path| {
                        if let Some(path) = absolute(&from, path) {
                            found.push(Named { line, path });
                        }
                    });
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        found
    }

    /// The functions with a body: name, first line, how many lines.
    pub fn functions(&self) -> Vec<(String, usize, usize)> {
        let tokens = tokens(&self.code);
        let mut found = Vec::new();
        for at in 0..tokens.len() {
            let Some((line, name)) = tokens.get(at + 1) else { continue };
            if tokens[at].1 != "fn" || !is_word(name) {
                continue;
            }
            let (mut nested, mut braces) = (0, 0);
            for (end, token) in &tokens[at..] {
                match *token {
                    "(" | "[" => nested += 1,
                    ")" | "]" => nested -= 1,
                    ";" if nested == 0 && braces == 0 => break,
                    "{" => braces += 1,
                    "}" => braces -= 1,
                    _ => continue,
                }
                if *token == "}" && braces == 0 {
                    found.push(((*name).to_owned(), *line, end - line + 1));
                    break;
                }
            }
        }
        found
    }
}

/// Reads the path at `at`, spreading `{…}`; returns the first token behind it.
fn spread(
    tokens: &[(usize, &str)],
    mut at: usize,
    before: Vec<String>,
    tell: &mut dyn FnMut(usize, Vec<String>),
) -> usize {
    let mut path = before;
    while let Some((line, word)) = tokens.get(at) {
        if *word == "{" {
            at += 1;
            while tokens.get(at).is_some_and(|token| token.1 != "}") {
                let next = spread(tokens, at, path.clone(), tell);
                at = next.max(at + 1);
                if tokens.get(at).is_some_and(|token| token.1 == "as") {
                    at += 2;
                }
                if tokens.get(at).is_some_and(|token| token.1 == ",") {
                    at += 1;
                }
            }
            return at + 1;
        }
        if *word == "*" || is_word(word) {
            path.push((*word).to_owned());
            let goes_on = tokens.get(at + 1).is_some_and(|token| token.1 == "::");
            let names = tokens.get(at + 2).is_some_and(|token| is_word(token.1) || token.1 == "{" || token.1 == "*");
            at += 1;
            if goes_on && names {
                at += 1;
                continue;
            }
            tell(*line, path);
        }
        return at;
    }
    at
}

/// `path` as named in module `from`, from the crate's root; `None` where it leads out of the crate.
fn absolute(from: &[String], path: Vec<String>) -> Option<Vec<String>> {
    let mut here = from.to_vec();
    let mut rest = path.iter();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "crate" => here.clear(),
            "self" => {}
            "super" => {
                here.pop()?;
            }
            _ => {
                here.push(word.clone());
                here.extend(rest.cloned());
                return Some(here);
            }
        }
    }
    Some(here)
}

/// All files of a crate, by module.
pub struct Tree {
    pub sources: Vec<Source>,
    /// What a module's file lends from elsewhere under a name of its own: (module, name) → path.
    lent: BTreeMap<(Vec<String>, String), Vec<String>>,
}

impl Tree {
    pub fn of(mut sources: Vec<Source>) -> Tree {
        mark_test_files(&mut sources);
        let mut lent = BTreeMap::new();
        for source in &sources {
            let modules: Vec<&Source> =
                sources.iter().filter(|child| child.module.len() == source.module.len() + 1).collect();
            let tokens = tokens(&source.code);
            for at in 0..tokens.len() {
                if tokens[at].1 != "use" || at == 0 || !matches!(tokens[at - 1].1, "pub" | ")") {
                    continue;
                }
                spread(&tokens, at + 1, Vec::new(), &mut |_, path| {
                    let rooted = match path.first().map(String::as_str) {
                        Some("crate" | "self" | "super") => absolute(&source.module, path),
                        Some(first) => {
                            let child = [source.module.clone(), vec![first.to_owned()]].concat();
                            modules
                                .iter()
                                .any(|module| module.module == child)
                                .then(|| [source.module.clone(), path].concat())
                        }
                        None => None,
                    };
                    if let Some(rooted) = rooted
                        && let Some(name) = rooted.last().cloned()
                    {
                        lent.insert((source.module.clone(), name), rooted);
                    }
                });
            }
        }
        Tree { sources, lent }
    }

    /// The sources under `root/src`.
    pub fn read(root: &Path) -> std::io::Result<Tree> {
        let mut files = Vec::new();
        let mut folders = vec![root.join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "rs") {
                    files.push(path);
                }
            }
        }
        files.sort();
        let mut sources = Vec::new();
        for file in files {
            let parts = file.strip_prefix(root).unwrap_or(&file).components();
            let path = parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            sources.push(Source::new(&path, &std::fs::read_to_string(&file)?));
        }
        Ok(Tree::of(sources))
    }

    /// The module that really has what `path` names, followed through what modules lend.
    pub fn home(&self, path: &[String]) -> Vec<String> {
        let mut path = path.to_vec();
        // A loan leads to another a few times at most; a ring of them would be a compile error.
        for _ in 0..8 {
            let known = |module: &[String]| self.sources.iter().any(|source| source.module == module);
            let Some(deepest) = (0..=path.len()).rev().find(|len| known(&path[..*len])) else { break };
            let lender = path[..deepest].to_vec();
            match path.get(deepest).and_then(|name| self.lent.get(&(lender.clone(), name.clone()))) {
                Some(lent) => path = lent.clone(),
                None => return lender,
            }
        }
        path
    }
}

/// Files that only tests build: `#[cfg(test)] mod name;` somewhere above them.
fn mark_test_files(sources: &mut [Source]) {
    let mut roots: Vec<Vec<String>> = Vec::new();
    for source in sources.iter() {
        let lines: Vec<&str> = source.code.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let words = line
                .trim()
                .trim_start_matches("pub(crate) ")
                .trim_start_matches("pub(super) ")
                .trim_start_matches("pub ");
            let Some(name) = words.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) else { continue };
            if source.test.get(at).copied().unwrap_or(false) {
                roots.push([source.module.clone(), vec![name.to_owned()]].concat());
                // `#[path]` gives the module another file; its literal is in the text, not in the code.
                let attribute = source.text.lines().nth(at.saturating_sub(1)).unwrap_or_default();
                if let Some(file) = attribute.trim().strip_prefix("#[path = \"").and_then(|rest| rest.split('"').next())
                {
                    let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
                    roots.push(Source::new(&format!("{folder}/{file}"), "").module);
                }
            }
        }
    }
    for source in sources.iter_mut() {
        if roots.iter().any(|root| source.module.starts_with(root)) {
            source.test.iter_mut().for_each(|line| *line = true);
        }
    }
}

/// Blanks comments and the insides of string and character literals, line breaks kept.
fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let starts = |at: usize, word: &str| word.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c));
    while at < chars.len() {
        let end = if starts(at, "//") {
            (at..chars.len()).find(|i| chars[*i] == '\n').unwrap_or(chars.len())
        } else if starts(at, "/*") {
            let (mut depth, mut end) = (1, at + 2);
            while depth > 0 && end < chars.len() {
                if starts(end, "/*") {
                    (depth, end) = (depth + 1, end + 2);
                } else if starts(end, "*/") {
                    (depth, end) = (depth - 1, end + 2);
                } else {
                    end += 1;
                }
            }
            end.min(chars.len())
        } else {
            literal(&chars, at)
        };
        if end == at {
            out.push(chars[at]);
            at += 1;
        }
        while at < end {
            out.push(if chars[at] == '\n' { '\n' } else { ' ' });
            at += 1;
        }
    }
    out
}

/// The end of the literal that begins at `at`; `at` itself where none does.
fn literal(chars: &[char], at: usize) -> usize {
    let joined = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    let mut from = at;
    if !joined && chars[from] == 'b' && matches!(chars.get(from + 1), Some('"' | '\'' | 'r')) {
        from += 1;
    }
    if !joined && chars[from] == 'r' {
        let hashes = chars[from + 1..].iter().take_while(|c| **c == '#').count();
        if chars.get(from + 1 + hashes) == Some(&'"') {
            let closed =
                |i: &usize| chars[*i] == '"' && chars[i + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
            return (from + 2 + hashes..chars.len()).find(closed).map_or(chars.len(), |i| i + 1 + hashes);
        }
    }
    let quote = chars[from];
    let lifetime = quote == '\'' && chars.get(from + 1) != Some(&'\\') && chars.get(from + 2) != Some(&'\'');
    if !matches!(quote, '"' | '\'') || lifetime {
        return at;
    }
    let mut end = from + 1;
    while end < chars.len() && chars[end] != quote {
        end += if chars[end] == '\\' { 2 } else { 1 };
    }
    (end + 1).min(chars.len())
}

fn is_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words, `::` and single signs, each with its line.
fn tokens(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (at, line) in code.lines().enumerate() {
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let len = if first.is_alphanumeric() || first == '_' {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            if !first.is_whitespace() {
                found.push((at + 1, &rest[..len]));
            }
            rest = &rest[len..];
        }
    }
    found
}

/// Lines under `#[cfg(test)]` or `#[test]`: the attribute and the item behind it, to its closing brace or semicolon.
fn test_lines(code: &str) -> Vec<bool> {
    let mut marks = vec![false; code.lines().count()];
    let tokens = tokens(code);
    let mut at = 0;
    while at < tokens.len() {
        let words: Vec<&str> = tokens[at..].iter().take(7).map(|token| token.1).collect();
        if !words.starts_with(&["#", "[", "cfg", "(", "test", ")", "]"]) && !words.starts_with(&["#", "[", "test", "]"])
        {
            at += 1;
            continue;
        }
        let first = tokens[at].0;
        let (mut nested, mut braces) = (0, 0);
        let mut last = first;
        while let Some((line, word)) = tokens.get(at) {
            last = *line;
            at += 1;
            match *word {
                "(" | "[" => nested += 1,
                ")" | "]" => nested -= 1,
                "{" => braces += 1,
                "}" => braces -= 1,
                ";" => {}
                _ => continue,
            }
            if nested == 0 && braces == 0 && matches!(*word, "}" | ";") {
                break;
            }
        }
        marks[first - 1..last].iter_mut().for_each(|mark| *mark = true);
    }
    marks
}
