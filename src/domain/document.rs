//! A document in words: headings, paragraphs, tables and bars, before it becomes a file of some kind. Pure.

/// A part of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A table with the heads of its columns.
    Table {
        /// The heads.
        heads: Vec<String>,
        /// The rows.
        rows: Vec<Vec<String>>,
    },
    /// A chart of bars, each with its name and value.
    Bars(Vec<(String, i64)>),
}

/// A section under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The title.
    pub title: String,
    /// Who may read it, above the title.
    pub mark: String,
    /// The line of date and office at the end.
    pub closing: String,
    /// The sections.
    pub sections: Vec<Section>,
}
