//! Moving, correcting and cancelling a filing.

use crate::domain::filing::Filing;

/// Whether a filing may still be moved, corrected or cancelled: nobody has arrived.
pub(super) const fn possible(filing: &Filing) -> bool {
    filing.live() && filing.arrived_at.is_none()
}
