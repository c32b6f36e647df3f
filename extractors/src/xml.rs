//! XML to a small tree of local names, with limits: no document type, no entities of its own, bounded depth and size.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use recoup_engine::reading::Doubt;

/// Deeper than any message of the trade.
const DEEPEST: usize = 64;
const MOST_NODES: usize = 2_000_000;

/// An element: names without their prefixes, text joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    pub name: String,
    pub text: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

impl Node {
    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element at the end of a path of names separated by `/`.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('/').try_fold(self, |node, name| node.child(name))
    }

    /// The text at a path, when there is any.
    pub fn value(&self, path: &str) -> Option<String> {
        self.at(path).map(|node| node.text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first descendant of that name, depth first.
    pub fn find(&self, name: &str) -> Option<&Node> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }

    /// All words, for search.
    pub fn words(&self) -> String {
        let mut words = String::new();
        self.collect_words(&mut words);
        words
    }

    fn collect_words(&self, words: &mut String) {
        let text = self.text.trim();
        if !text.is_empty() {
            words.push_str(text);
            words.push('\n');
        }
        for child in &self.children {
            child.collect_words(words);
        }
    }
}

/// A text's root element, and the doubt that something behind a break is missing.
#[derive(Debug)]
pub struct Parsed {
    pub root: Node,
    pub cut_off: Option<Doubt>,
}

/// Parses a text into its root element. What stands before a break is read and the rest said to be missing; what is dangerous is refused.
pub fn parse(text: &str) -> Result<Parsed, Doubt> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    reader.config_mut().check_end_names = false;
    let mut open = vec![Node::default()];
    let mut nodes = 0;
    let mut cut_off = None;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                nodes += 1;
                if open.len() > DEEPEST || nodes > MOST_NODES {
                    return Err(limits());
                }
                open.push(element(&start));
            }
            Ok(Event::Empty(start)) => {
                nodes += 1;
                if nodes > MOST_NODES {
                    return Err(limits());
                }
                let node = element(&start);
                if let Some(parent) = open.last_mut() {
                    parent.children.push(node);
                }
            }
            Ok(Event::End(_)) => {
                if open.len() > 1 {
                    close(&mut open);
                }
            }
            Ok(Event::Text(part)) => push(&mut open, &part.xml10_content()),
            Ok(Event::CData(part)) => push(&mut open, &part.xml10_content()),
            Ok(Event::GeneralRef(reference)) => {
                let name = reference.xml10_content();
                let letter = match &*name {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                if let Some(letter) = letter {
                    push(&mut open, letter.encode_utf8(&mut [0; 4]));
                }
            }
            Ok(Event::DocType(_)) => return Err(Doubt::blocking("xml_dtd", "The XML declares a document type; such files are not read.")),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                if open.len() == 1 && open[0].children.is_empty() {
                    return Err(Doubt::blocking("xml_malformed", format!("The XML can't be read: {error}.")));
                }
                cut_off = Some(format!("The XML is broken at byte {}: {error}.", reader.error_position()));
                break;
            }
        }
    }
    if open.len() > 1 {
        cut_off.get_or_insert_with(|| "The XML ends before its elements are closed.".to_owned());
    }
    while open.len() > 1 {
        close(&mut open);
    }
    let root = open.pop().unwrap_or_default();
    let root = root.children.into_iter().next().ok_or_else(|| Doubt::blocking("xml_malformed", "The XML holds no element."))?;
    let cut_off = cut_off.map(|says| Doubt::blocking("xml_cut_off", format!("{says} What follows is missing; ask for the whole file.")));
    Ok(Parsed { root, cut_off })
}

fn limits() -> Doubt {
    Doubt::blocking("xml_limits", "The XML is nested deeper or holds more elements than any message of the trade.")
}

fn element(start: &BytesStart<'_>) -> Node {
    let attributes = start.attributes().flatten().map(|attribute| (attribute.key.local_name().as_ref().to_owned(), attribute.value.to_string())).collect();
    Node { name: start.local_name().as_ref().to_owned(), attributes, ..Node::default() }
}

fn push(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

fn close(open: &mut Vec<Node>) {
    if let (Some(node), Some(parent)) = (open.pop(), open.last_mut()) {
        parent.children.push(node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_names_entities_and_limits() {
        let root = parse("<?xml version=\"1.0\"?><a:Doc xmlns:a=\"x\"><a:Nm Ccy=\"EUR\">A &amp; B</a:Nm></a:Doc>").unwrap().root;
        assert_eq!(root.value("Nm").as_deref(), Some("A & B"));
        assert_eq!(root.at("Nm").and_then(|node| node.attribute("Ccy")), Some("EUR"));
        assert_eq!(parse("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>").unwrap_err().code, "xml_dtd");
        assert_eq!(parse(&"<a>".repeat(100_000)).unwrap_err().code, "xml_limits");
        assert_eq!(parse(&format!("<a>{}</a>", "<b/>".repeat(MOST_NODES))).unwrap_err().code, "xml_limits");
    }

    #[test]
    fn what_is_missing_behind_a_break_is_said() {
        for text in ["<a><b>1</b><b>2", "<a><b>1</b><b", "<a><b>1</b><!-- and"] {
            let parsed = parse(text).unwrap();
            assert_eq!(parsed.root.value("b").as_deref(), Some("1"));
            assert_eq!(parsed.cut_off.map(|doubt| doubt.code).as_deref(), Some("xml_cut_off"), "{text}");
        }
        assert_eq!(parse("<a><b>1</b></a>\n").unwrap().cut_off, None);
    }
}
