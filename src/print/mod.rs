//! Paper: QR codes for screens and for paper, and PDF documents with an embedded Chinese font.
//!
//! [`pdf`] is a small engine of pages, text, lines and pictures in millimetres, which knows nothing of what is printed with it; [`font`]
//! is the font that all documents use; [`lines`] breaks and fits text. [`sheet`] lays signs out on it, and [`proof`] reads each of them back before
//! anybody gets it.

mod display;
pub mod document_pdf;
pub mod docx;
pub mod font;
pub mod lines;
pub mod pdf;
pub mod preview;
pub mod proof;
pub mod qr;
pub mod sheet;
pub mod table;
