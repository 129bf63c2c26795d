/// A network in CIDR notation (RFC 4632, RFC 4291 section 2.3), or a single address.
package struct AddressNetwork: Equatable, Sendable {
    /// What is wrong with a network's text, and what to write instead.
    package struct Fault: Error, Equatable {
        package let message: String
    }

    private let base: IPAddress
    /// Leading bits that count, of 128.
    private let bits: Int

    package init(_ text: String) throws(Fault) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress($0) }) else {
            throw Fault(message: "'\(text)' is not an IP address or network like 10.0.0.0/8 or 2001:db8::/32")
        }
        let width = address.isIPv4 ? 32 : 128
        var length = width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let given = Int(parts[1]), given <= width else {
                throw Fault(message: "'\(text)': the length after the / is a number from 0 to \(width)")
            }
            length = given
        }
        bits = length + 128 - width
        base = address.masked(to: bits)
        guard base == address else {
            throw Fault(
                message: "'\(text)' has bits set beyond its length; write \(base)/\(length) for the network,"
                    + " or \(address) for the one address"
            )
        }
    }

    package func contains(_ address: IPAddress) -> Bool { address.masked(to: bits) == base }
}

/// Addresses and networks an operator named.
package struct AddressList: Equatable, Sendable {
    private let networks: [AddressNetwork]

    package init(_ networks: [AddressNetwork] = []) { self.networks = networks }

    package init(_ texts: [String]) throws(AddressNetwork.Fault) {
        var networks: [AddressNetwork] = []
        for text in texts { networks.append(try AddressNetwork(text)) }
        self.networks = networks
    }

    package var isEmpty: Bool { networks.isEmpty }
    package func contains(_ address: IPAddress) -> Bool { networks.contains { $0.contains(address) } }
}

extension IPAddress {
    /// The address with all but its first `bits` bits cleared.
    fileprivate func masked(to bits: Int) -> IPAddress {
        func mask(_ bits: Int) -> UInt64 { bits <= 0 ? 0 : bits >= 64 ? .max : ~(.max >> UInt64(bits)) }
        return IPAddress(high: high & mask(bits), low: low & mask(bits - 64))
    }
}
