//! What somebody has to do after signing in before anything else.

use super::user::Role;

/// What comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstDuty {
    /// The password was given by somebody else: its owner chooses another.
    Password,
    /// The district requires a second step of this role, and there is none.
    SecondStep,
}

/// How somebody signed in, and what is known of them.
#[derive(Clone, Copy, Debug)]
pub struct SignedInBy<'a> {
    /// What proved who it is: `password`, `code`, `recovery_code`, or another that needs no password.
    pub proof: &'a str,
    /// What the person may do.
    pub role: Role,
    /// Whether somebody else gave the password.
    pub given: bool,
    /// Whether the person has a second step.
    pub has_step: bool,
}

impl FirstDuty {
    /// What this person has to do first, where the district requires a second step or not. Who signs in without the password owes it nothing.
    #[must_use]
    pub fn of(by: SignedInBy<'_>, required: bool) -> Option<Self> {
        if by.given && matches!(by.proof, "password" | "code" | "recovery_code") {
            return Some(Self::Password);
        }
        let alone = by.proof == "password" && !by.has_step;
        (required && alone && needs_step(by.role)).then_some(Self::SecondStep)
    }
}

/// Whether a district that requires the second step requires it of this role.
#[must_use]
pub const fn needs_step(role: Role) -> bool {
    matches!(role, Role::Supervisor | Role::Administrator)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BY: SignedInBy<'_> = SignedInBy { proof: "password", role: Role::Supervisor, given: false, has_step: false };

    #[test]
    fn a_given_password_comes_first_for_everybody_who_used_it() {
        assert_eq!(FirstDuty::of(BY, false), None);
        for (proof, role) in
            [("password", Role::Liaison), ("code", Role::Operator), ("recovery_code", Role::Supervisor)]
        {
            let by = SignedInBy { proof, role, given: true, has_step: true };
            assert_eq!(FirstDuty::of(by, true), Some(FirstDuty::Password), "{proof}");
        }
        let other = SignedInBy { proof: "passkey", given: true, ..BY };
        assert_eq!(FirstDuty::of(other, true), None);
    }

    #[test]
    fn the_second_step_is_required_of_two_roles_with_the_password_alone() {
        for (role, first) in [
            (Role::Supervisor, Some(FirstDuty::SecondStep)),
            (Role::Administrator, Some(FirstDuty::SecondStep)),
            (Role::Liaison, None),
            (Role::Operator, None),
        ] {
            assert_eq!(FirstDuty::of(SignedInBy { role, ..BY }, true), first, "{role}");
            assert_eq!(FirstDuty::of(SignedInBy { role, has_step: true, ..BY }, true), None);
            assert_eq!(FirstDuty::of(SignedInBy { role, proof: "code", ..BY }, true), None);
        }
    }
}
