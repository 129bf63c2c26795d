import Actors
import NIOCore

extension PublicAddress {
    package static func holds(_ address: SocketAddress) -> Bool { address.ipAddress.map { holds($0) } ?? false }
}
