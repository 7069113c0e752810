//! Themes: styles by meaning. A theme file names a palette and gives roles a style; a role without one falls back.
//!
//! Never knows what is drawn in a role, only what it stands for.

use ratatui::style::{Color, Modifier, Style};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// What a style stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Ordinary words on the ordinary background.
    Text,
    /// Words of less weight.
    Muted,
    /// What is being worked on.
    Accent,
    /// Headings and column heads.
    Heading,
    /// Lines between regions.
    Border,
    /// The bar at the top.
    Bar,
    /// The tab that is open.
    Tab,
    /// Keys in the footer.
    Key,
    /// The marked row.
    Selected,
    /// The text field in hand.
    Field,
    /// A suggestion while typing.
    Suggestion,
    /// The total of a sale.
    Total,
    /// Good news, growth.
    Positive,
    /// Bad news, decline, refusals.
    Negative,
    /// Something to look at: low stock, a waiting order.
    Warning,
    /// What lies on top of a screen.
    Dialog,
    /// The choice that destroys.
    Danger,
    /// A message that goes by itself.
    Toast,
    /// The first series of a chart.
    Chart1,
    /// The second series.
    Chart2,
    /// The third series.
    Chart3,
    /// Cold to hot.
    Heat0,
    /// Warmer.
    Heat1,
    /// Warm.
    Heat2,
    /// Hot.
    Heat3,
    /// Hottest.
    Heat4,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 26] = [
        Role::Text,
        Role::Muted,
        Role::Accent,
        Role::Heading,
        Role::Border,
        Role::Bar,
        Role::Tab,
        Role::Key,
        Role::Selected,
        Role::Field,
        Role::Suggestion,
        Role::Total,
        Role::Positive,
        Role::Negative,
        Role::Warning,
        Role::Dialog,
        Role::Danger,
        Role::Toast,
        Role::Chart1,
        Role::Chart2,
        Role::Chart3,
        Role::Heat0,
        Role::Heat1,
        Role::Heat2,
        Role::Heat3,
        Role::Heat4,
    ];

    /// Its name in theme files.
    pub fn name(self) -> &'static str {
        match self {
            Role::Text => "text",
            Role::Muted => "muted",
            Role::Accent => "accent",
            Role::Heading => "heading",
            Role::Border => "border",
            Role::Bar => "chrome.bar",
            Role::Tab => "chrome.tab",
            Role::Key => "chrome.key",
            Role::Selected => "list.selected",
            Role::Field => "field",
            Role::Suggestion => "field.suggestion",
            Role::Total => "sale.total",
            Role::Positive => "positive",
            Role::Negative => "negative",
            Role::Warning => "warning",
            Role::Dialog => "dialog",
            Role::Danger => "dialog.danger",
            Role::Toast => "toast",
            Role::Chart1 => "chart.1",
            Role::Chart2 => "chart.2",
            Role::Chart3 => "chart.3",
            Role::Heat0 => "heat.0",
            Role::Heat1 => "heat.1",
            Role::Heat2 => "heat.2",
            Role::Heat3 => "heat.3",
            Role::Heat4 => "heat.4",
        }
    }

    /// The role whose style serves where a theme gives this one none.
    pub fn fallback(self) -> Option<Role> {
        match self {
            Role::Text => None,
            Role::Tab | Role::Key | Role::Total | Role::Suggestion | Role::Chart1 => Some(Role::Accent),
            Role::Danger => Some(Role::Negative),
            Role::Chart2 => Some(Role::Positive),
            Role::Chart3 => Some(Role::Warning),
            Role::Heat0 => Some(Role::Muted),
            Role::Heat1 | Role::Heat2 | Role::Heat3 | Role::Heat4 => Some(Role::Accent),
            Role::Toast => Some(Role::Bar),
            _ => Some(Role::Text),
        }
    }
}

/// A theme file that cannot be used: where, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeFault(pub String);

impl fmt::Display for ThemeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Styles by role. All sessions share what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: Arc<str>,
    styles: Arc<HashMap<Role, Style>>,
}

/// The themes that come with the program: name and file.
const BUILT_IN: [(&str, &str); 6] = [
    ("till-dark", include_str!("../../themes/till-dark.toml")),
    ("till-light", include_str!("../../themes/till-light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
    ("gruvbox", include_str!("../../themes/gruvbox.toml")),
    ("nord", include_str!("../../themes/nord.toml")),
];

impl Theme {
    /// The names of the themes that come with the program.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// The theme the console starts in.
    pub fn standard() -> Theme {
        static STANDARD: OnceLock<Theme> = OnceLock::new();
        let plain = || Theme { name: "plain".into(), styles: Arc::default() };
        STANDARD.get_or_init(|| Theme::named("till-dark").unwrap_or_else(|_| plain())).clone()
    }

    /// A theme that comes with the program.
    ///
    /// # Errors
    /// When there is none of that name; the words list those there are.
    pub fn named(name: &str) -> Result<Theme, ThemeFault> {
        let found = BUILT_IN.iter().find(|(known, _)| *known == name);
        let (_, text) = found.ok_or_else(|| {
            let names: Vec<&str> = Theme::names().collect();
            ThemeFault(format!("there is no theme {name}; choose from {}", names.join(", ")))
        })?;
        Theme::read(name, text, 0)
    }

    /// Reads a theme file's text.
    ///
    /// # Errors
    /// What is wrong with it, with the role or line.
    pub fn parse(name: &str, text: &str) -> Result<Theme, ThemeFault> {
        Theme::read(name, text, 0)
    }

    fn read(name: &str, text: &str, depth: usize) -> Result<Theme, ThemeFault> {
        let fault = |what: String| ThemeFault(format!("theme {name}: {what}"));
        let table: toml::Table = text.parse().map_err(|why: toml::de::Error| fault(why.to_string()))?;
        let mut styles = match table.get("inherits").and_then(toml::Value::as_str) {
            Some(parent) if depth < 4 => {
                let found = BUILT_IN.iter().find(|(known, _)| *known == parent);
                let (_, text) = found.ok_or_else(|| fault(format!("inherits {parent}, which there is not")))?;
                (*Theme::read(parent, text, depth + 1)?.styles).clone()
            }
            Some(_) => return Err(fault("inherits from itself".to_owned())),
            None => HashMap::new(),
        };
        let empty = toml::Table::new();
        let palette = table.get("palette").and_then(toml::Value::as_table).unwrap_or(&empty);
        let roles = table.get("roles").and_then(toml::Value::as_table).unwrap_or(&empty);
        for (word, value) in roles {
            let role = Role::ALL.into_iter().find(|role| role.name() == word);
            let role = role.ok_or_else(|| fault(format!("there is no role {word}")))?;
            let style = style(value, palette).map_err(|what| fault(format!("{word}: {what}")))?;
            styles.insert(role, style);
        }
        Ok(Theme { name: name.into(), styles: Arc::new(styles) })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The style of a role: its own, over its fallback's, down to plain text.
    pub fn style(&self, role: Role) -> Style {
        let below = match role.fallback() {
            Some(fallback) if !self.styles.contains_key(&role) => return self.style(fallback),
            Some(_) => self.styles.get(&Role::Text).copied().unwrap_or_default(),
            None => Style::default(),
        };
        below.patch(self.styles.get(&role).copied().unwrap_or_default())
    }
}

/// How things are drawn: the theme, and whether the terminal has more than ASCII.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// Styles by role.
    pub theme: &'a Theme,
    /// Draw with ASCII alone.
    pub ascii: bool,
}

impl Look<'_> {
    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }
}

fn style(value: &toml::Value, palette: &toml::Table) -> Result<Style, String> {
    let table = value.as_table().ok_or("a style is a table such as { fg = \"blue\" }")?;
    let mut style = Style::default();
    for (key, value) in table {
        match (key.as_str(), value) {
            ("fg", toml::Value::String(name)) => style = style.fg(colour(name, palette)?),
            ("bg", toml::Value::String(name)) => style = style.bg(colour(name, palette)?),
            (word, toml::Value::Boolean(on)) => {
                let modifier = match word {
                    "bold" => Modifier::BOLD,
                    "dim" => Modifier::DIM,
                    "italic" => Modifier::ITALIC,
                    "underline" => Modifier::UNDERLINED,
                    "reverse" => Modifier::REVERSED,
                    _ => return Err(format!("{word} is not bold, dim, italic, underline or reverse")),
                };
                style = if *on { style.add_modifier(modifier) } else { style.remove_modifier(modifier) };
            }
            (word, _) => return Err(format!("{word} is not fg, bg or a modifier")),
        }
    }
    Ok(style)
}

fn colour(name: &str, palette: &toml::Table) -> Result<Color, String> {
    let text = palette.get(name).and_then(toml::Value::as_str).unwrap_or(name);
    if text == "default" {
        return Ok(Color::Reset);
    }
    text.parse::<Color>().map_err(|_| format!("{text} is no colour; use #rrggbb or a name from the palette"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: Color) -> f64 {
        let Color::Rgb(r, g, b) = colour else { panic!("{colour:?} is no exact colour") };
        let part = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }

    #[test]
    fn every_role_can_be_read_on_its_background() {
        for name in Theme::names().filter(|name| *name != "mono") {
            let theme = Theme::named(name).unwrap();
            for role in Role::ALL.into_iter().filter(|role| !matches!(role, Role::Border | Role::Heat0 | Role::Heat1)) {
                let style = theme.style(role);
                let (fg, bg) = (luminance(style.fg.unwrap()), luminance(style.bg.unwrap()));
                let contrast = (fg.max(bg) + 0.05) / (fg.min(bg) + 0.05);
                assert!(contrast >= 4.5, "{name} {}: {contrast:.2}", role.name());
            }
        }
    }

    #[test]
    fn what_is_marked_differs_without_colour() {
        let theme = Theme::named("mono").unwrap();
        for role in [Role::Selected, Role::Tab, Role::Total, Role::Danger, Role::Negative, Role::Warning] {
            let style = theme.style(role);
            assert!(!style.add_modifier.is_empty(), "{}", role.name());
        }
    }

    #[test]
    fn a_wrong_file_says_where() {
        let wrong = |text: &str| Theme::parse("mine", text).unwrap_err().0;
        assert!(wrong("[roles]\nnothing = { fg = \"#fff\" }").contains("no role nothing"));
        assert!(wrong("[roles]\ntext = { fg = \"bleu\" }").contains("text: bleu is no colour"));
        assert!(wrong("inherits = \"none\"").contains("inherits none"));
        assert!(wrong("[roles").contains("line 1") || wrong("[roles").contains("1 |"));
    }
}
