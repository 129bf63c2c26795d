import Foundation
import NIOCore

/// An IPv4 or IPv6 address. IPv4 is held as its IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2), so that both ways of
/// writing one peer are the same value.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The first and the last eight bytes, first byte on top.
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    private init(v4 bits: UInt32) { self.init(high: 0, low: 0xFFFF << 32 | UInt64(bits)) }

    private init(v6 address: in6_addr) {
        self = withUnsafeBytes(of: address) { bytes in
            IPAddress(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }

    /// Reads the usual text forms; no port, no zone, no brackets.
    package init?(_ text: some StringProtocol) {
        // The longest text form is an IPv4-mapped address in full: 45 characters (INET6_ADDRSTRLEN).
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        let text = String(text)
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(v4: UInt32(bigEndian: v4.s_addr))
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        self.init(v6: v6)
    }

    /// A socket's peer; nil for one without an address (a Unix domain socket).
    package init?(_ address: SocketAddress) {
        switch address {
        case .v4(let address): self.init(v4: UInt32(bigEndian: address.address.sin_addr.s_addr))
        case .v6(let address): self.init(v6: address.address.sin6_addr)
        case .unixDomainSocket: return nil
        }
    }

    package var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }
    package var isLoopback: Bool { isIPv4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1 }

    /// Whom a limit counts: an IPv6 subscriber has a whole /64 to choose addresses from (RFC 6177), so it counts as one.
    package var subscriber: IPAddress { isIPv4 ? self : IPAddress(high: high, low: 0) }

    package var description: String {
        var text = [CChar](repeating: 0, count: 46)
        if isIPv4 {
            var address = in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian)
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        } else {
            var bytes = (high.bigEndian, low.bigEndian)
            inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
