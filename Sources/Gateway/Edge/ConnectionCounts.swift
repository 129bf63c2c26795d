import Synchronization

/// Connections that are open, in all and per address; both limits are exact.
package final class ConnectionCounts: Sendable {
    private struct Counts {
        var total = 0
        /// Addresses with an open connection only.
        var byAddress: [IPAddress: Int] = [:]
    }

    private let limit: Int
    private let limitPerAddress: Int
    private let counts = Mutex(Counts())

    package init(limit: Int, limitPerAddress: Int) {
        self.limit = limit
        self.limitPerAddress = limitPerAddress
    }

    /// - Parameter address: nil counts in all only: a socket without an address, or a proxy behind which many sit.
    /// - Returns: whether there was room. Only then must `leave` be called.
    package func enter(_ address: IPAddress?) -> Bool {
        counts.withLock { counts in
            guard counts.total < limit else { return false }
            if let address {
                let held = counts.byAddress[address] ?? 0
                guard held < limitPerAddress else { return false }
                counts.byAddress[address] = held + 1
            }
            counts.total += 1
            return true
        }
    }

    package func leave(_ address: IPAddress?) {
        counts.withLock { counts in
            counts.total -= 1
            guard let address, let held = counts.byAddress[address] else { return }
            counts.byAddress[address] = held > 1 ? held - 1 : nil
        }
    }

    package var total: Int { counts.withLock { $0.total } }
    /// Addresses with an open connection.
    package var addresses: Int { counts.withLock { $0.byAddress.count } }
}
