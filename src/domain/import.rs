//! Taking over a registry from a file, as a thing that is kept: where it stands, what it counted, how long it can be undone.

use super::code_enum::code_enum;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long an import can be undone.
pub const UNDO_WITHIN: TimeDelta = TimeDelta::hours(24);

code_enum! {
    /// Where an import stands: `uploaded → previewed → applied → undone`. Choosing other columns leads back to `uploaded`.
    ImportState {
        /// The file is kept, and what it would change is not known yet.
        Uploaded = "uploaded",
        /// What it would change can be looked at.
        Previewed = "previewed",
        /// It was confirmed and written.
        Applied = "applied",
        /// What it changed was put back.
        Undone = "undone",
    }
}

code_enum! {
    /// The lists of a preview, and the one of what an undo left as it was.
    LineKind {
        /// Rows that are not stored yet.
        New = "new",
        /// Rows that say something else than what is stored.
        Changed = "changed",
        /// Rows that say what is stored.
        Unchanged = "unchanged",
        /// Rows that are not taken.
        Rejected = "rejected",
        /// What is stored and active, but not in the file; none while rows are rejected.
        Absent = "absent",
        /// Rows that an undo left alone, because they were changed since, or somebody relies on them.
        Kept = "kept",
    }
}

/// How many rows are of which kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Not stored yet.
    pub new: u64,
    /// Stored otherwise.
    pub changed: u64,
    /// Stored like that.
    pub unchanged: u64,
    /// Not taken.
    pub rejected: u64,
    /// Stored and active, but not in the file; 0 while rows are rejected.
    pub absent: u64,
    /// Of the absent ones, how many were deactivated.
    pub deactivated: u64,
    /// Put back by the undo.
    pub restored: u64,
    /// Left alone by the undo, because they were changed since, or somebody relies on them.
    pub kept: u64,
}

impl Counts {
    /// Rows of a list of the preview.
    #[must_use]
    pub const fn of(&self, kind: LineKind) -> u64 {
        match kind {
            LineKind::New => self.new,
            LineKind::Changed => self.changed,
            LineKind::Unchanged => self.unchanged,
            LineKind::Rejected => self.rejected,
            LineKind::Absent => self.absent,
            LineKind::Kept => self.kept,
        }
    }

    /// Whether there is anything to write.
    #[must_use]
    pub const fn writes(&self) -> bool {
        self.new + self.changed > 0
    }
}

/// Until when an import that was applied at `applied` can be undone.
#[must_use]
pub fn undo_until(applied: DateTime<Utc>) -> DateTime<Utc> {
    applied + UNDO_WITHIN
}

code_enum! {
    /// What a file is.
    FileKind {
        /// Text with separators.
        Csv = "csv",
        /// A spreadsheet since 2007.
        Xlsx = "xlsx",
        /// A spreadsheet of the old Excel.
        Xls = "xls",
    }
}

code_enum! {
    /// The encoding of a text.
    TextEncoding {
        /// With or without a byte order mark.
        Utf8 = "utf-8",
        /// Which GBK and GB 2312 are part of.
        Gb18030 = "gb18030",
        /// "Unicode" of Windows.
        Utf16Le = "utf-16le",
        /// The same in the other byte order.
        Utf16Be = "utf-16be",
    }
}

code_enum! {
    /// What stands between two cells of a text.
    Separator {
        /// `,`
        Comma = "comma",
        /// `;`, by the region.
        Semicolon = "semicolon",
        /// As in "Unicode text".
        Tab = "tab",
    }
}

impl Separator {
    /// The character.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}
