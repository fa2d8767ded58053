//! Codes as pictures: QR codes for screens and for paper.

pub mod qr;
pub mod table;
