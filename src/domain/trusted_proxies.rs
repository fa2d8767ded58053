//! Reverse proxies whose word on the client's address is believed.

use std::net::IpAddr;

/// Networks of trusted proxies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies {
    networks: Vec<(IpAddr, u32)>,
}

impl TrustedProxies {
    /// Reads a list of addresses and networks, separated by commas or spaces: `127.0.0.1, 10.0.0.0/8`.
    ///
    /// # Errors
    /// The first entry that is neither.
    pub fn parse(list: &str) -> Result<Self, &str> {
        let entries = list.split([',', ' ', ';']).filter(|entry| !entry.is_empty());
        let networks = entries.map(|entry| network(entry).ok_or(entry)).collect::<Result<_, _>>()?;
        Ok(Self { networks })
    }

    /// Whether `peer` is one of them.
    #[must_use]
    pub fn contains(&self, peer: IpAddr) -> bool {
        self.networks.iter().any(|(net, length)| match (net, peer.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(peer)) => {
                same_prefix(net.to_bits().into(), peer.to_bits().into(), 32 - length)
            }
            (IpAddr::V6(net), IpAddr::V6(peer)) => same_prefix(net.to_bits(), peer.to_bits(), 128 - length),
            _ => false,
        })
    }

    /// Who a request came from: `peer`, unless that is a trusted proxy; then the last address of `X-Forwarded-For` that is none.
    #[must_use]
    pub fn client(&self, peer: IpAddr, forwarded_for: Option<&str>) -> IpAddr {
        if !self.contains(peer) {
            return peer;
        }
        let mut client = peer;
        for entry in forwarded_for.unwrap_or_default().rsplit(',') {
            let Ok(address) = entry.trim().parse::<IpAddr>() else { break };
            client = address.to_canonical();
            if !self.contains(client) {
                break;
            }
        }
        client
    }
}

fn network(entry: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = match entry.split_once('/') {
        Some((address, length)) => (address.parse::<IpAddr>().ok()?, Some(length.parse::<u32>().ok()?)),
        None => (entry.parse::<IpAddr>().ok()?, None),
    };
    let bits = if address.is_ipv4() { 32 } else { 128 };
    Some((address, length.unwrap_or(bits))).filter(|(_, length)| *length <= bits)
}

fn same_prefix(a: u128, b: u128, free_bits: u32) -> bool {
    (a ^ b).checked_shr(free_bits).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::TrustedProxies;
    use std::net::IpAddr;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_client_is_the_last_address_that_no_trusted_proxy_has() {
        let proxies = TrustedProxies::parse("127.0.0.1, 10.0.0.0/8 ::1").expect("a list");
        assert_eq!(proxies.client(ip("127.0.0.1"), Some("6.6.6.6, 1.2.3.4, 10.1.1.1")), ip("1.2.3.4"));
        assert_eq!(proxies.client(ip("9.9.9.9"), Some("1.2.3.4")), ip("9.9.9.9"), "anybody can send the header");
        assert_eq!(proxies.client(ip("127.0.0.1"), None), ip("127.0.0.1"));
        assert_eq!(proxies.client(ip("::ffff:127.0.0.1"), Some("1.2.3.4")), ip("1.2.3.4"));
        assert_eq!(proxies.client(ip("::1"), Some("nonsense")), ip("::1"));
    }

    #[test]
    fn networks_end_where_their_prefix_ends() {
        let proxies = TrustedProxies::parse("10.0.0.0/9,0.0.0.0/0").expect("a list");
        assert!(proxies.contains(ip("10.127.255.255")) && proxies.contains(ip("8.8.8.8")));
        let narrow = TrustedProxies::parse("10.0.0.0/9").expect("a list");
        assert!(!narrow.contains(ip("10.128.0.0")));
        for wrong in ["10.0.0.0/33", "localhost", "10.0.0.0/x"] {
            assert!(TrustedProxies::parse(wrong).is_err(), "{wrong}");
        }
    }
}
