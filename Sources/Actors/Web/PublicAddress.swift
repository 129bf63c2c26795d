import Foundation

/// Which addresses are the public internet's: everything else is this machine's, this network's, or nobody's. Pure.
///
/// Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), as of 2026; clouds' metadata services.
package enum PublicAddress {
    private struct Block {
        let bytes: [UInt8]
        let bits: Int

        func holds(_ address: [UInt8]) -> Bool {
            for index in 0..<(bits + 7) / 8 {
                let mask = UInt8(truncatingIfNeeded: 0xFF00 >> min(8, bits - index * 8))
                if address[index] & mask != bytes[index] & mask { return false }
            }
            return true
        }
    }

    private static let closed4: [Block] = [
        Block(bytes: [0], bits: 8),  // this network
        Block(bytes: [10], bits: 8),  // private, RFC 1918
        Block(bytes: [100, 64], bits: 10),  // carriers' translation, RFC 6598; 100.100.100.200 is a metadata service
        Block(bytes: [127], bits: 8),  // loopback
        Block(bytes: [169, 254], bits: 16),  // link-local, RFC 3927; 169.254.169.254 is most clouds' metadata service
        Block(bytes: [172, 16], bits: 12),  // private, RFC 1918
        Block(bytes: [168, 63, 129, 16], bits: 32),  // Azure's platform service: a public address only by its number
        Block(bytes: [192, 0, 0], bits: 24),  // protocol assignments, RFC 6890
        Block(bytes: [192, 0, 2], bits: 24),  // documentation, RFC 5737
        Block(bytes: [192, 88, 99], bits: 24),  // 6to4 relays, RFC 7526
        Block(bytes: [192, 168], bits: 16),  // private, RFC 1918
        Block(bytes: [198, 18], bits: 15),  // benchmarks, RFC 2544
        Block(bytes: [198, 51, 100], bits: 24),  // documentation
        Block(bytes: [203, 0, 113], bits: 24),  // documentation
        Block(bytes: [224], bits: 3),  // multicast, RFC 5771, and 240/4 reserved, RFC 1112, with broadcast
    ]

    /// All that is assigned for global unicast (RFC 4291). Loopback, unique-local, link-local, multicast, IPv4-mapped and
    /// translated (64:ff9b::/96) forms are outside.
    private static let open6 = Block(bytes: [0x20, 0], bits: 3)
    private static let closed6: [Block] = [
        Block(bytes: [0x20, 0x01, 0x00], bits: 23),  // protocol assignments, RFC 2928; Teredo carries IPv4 addresses
        Block(bytes: [0x20, 0x01, 0x0D, 0xB8], bits: 32),  // documentation, RFC 3849
        Block(bytes: [0x20, 0x02], bits: 16),  // 6to4 carries IPv4 addresses, RFC 3056
        Block(bytes: [0x3F, 0xFF, 0x00], bits: 20),  // documentation, RFC 9637
    ]

    /// - Parameter text: a literal IPv4 or IPv6 address, as `inet_ntop` writes it; anything else is not public.
    package static func holds(_ text: String) -> Bool {
        guard let bytes = bytes(of: text) else { return false }
        if bytes.count == 4 { return !closed4.contains { $0.holds(bytes) } }
        return open6.holds(bytes) && !closed6.contains { $0.holds(bytes) }
    }

    /// Whether the address is this machine's own: 127.0.0.0/8 (RFC 1122) or `::1` (RFC 4291).
    package static func isLoopback(_ text: String) -> Bool {
        guard let bytes = bytes(of: text) else { return false }
        return bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    private static func bytes(of text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
        var six = in6_addr()
        if inet_pton(AF_INET6, text, &six) == 1 { return withUnsafeBytes(of: six) { Array($0) } }
        return nil
    }
}
