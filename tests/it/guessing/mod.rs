//! Guessing at passwords, codes, PINs and receipt numbers from many places at once: it ends, and whose secret it is comes in all the same.

mod accounts;
mod digits;
mod doors;
mod enterprise_pins;
mod queue;
mod receipts;

/// An address in the network with this number; networks of different numbers are different to every limit.
fn network(number: usize) -> String {
    format!("10.{}.{}.7", number / 250, number % 250)
}
